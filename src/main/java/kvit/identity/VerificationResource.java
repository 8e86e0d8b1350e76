package kvit.identity;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/v1/admin/customers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Customers")
@RolesAllowed(Role.SUPPORT)
class VerificationResource {

    record VerificationRequest(
            @NotNull CustomerTier tier, @NotBlank @Size(max = 500) String reason) {}

    private final VerifyCustomer verifyCustomer;
    private final Propose propose;

    VerificationResource(VerifyCustomer verifyCustomer, Propose propose) {
        this.verifyCustomer = verifyCustomer;
        this.propose = propose;
    }

    /** It raises what they may move, so it takes two. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/verification")
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeVerification",
            summary = "Ask that a customer counts as known by documents, or no longer does")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView verify(UUID id, @NotNull @Valid VerificationRequest request) {
        return propose.propose(
                verifyCustomer,
                new VerifyCustomer.Verification(id, request.tier()),
                request.reason());
    }
}
