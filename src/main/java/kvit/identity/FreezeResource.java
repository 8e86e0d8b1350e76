package kvit.identity;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/v1/admin/customers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Customers")
@RolesAllowed({Role.SUPPORT, Role.FINANCE})
class FreezeResource {

    private final FreezeCustomer freezeCustomer;
    private final UnfreezeCustomer unfreezeCustomer;
    private final Propose propose;

    FreezeResource(
            FreezeCustomer freezeCustomer, UnfreezeCustomer unfreezeCustomer, Propose propose) {
        this.freezeCustomer = freezeCustomer;
        this.unfreezeCustomer = unfreezeCustomer;
        this.propose = propose;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/freeze")
    @Operation(
            operationId = "freezeCustomer",
            summary = "Stop a customer's money, and sign all their devices out")
    public FreezeCustomer.Frozen freeze(UUID id, @NotNull @Valid ReasonRequest request) {
        return freezeCustomer.freeze(id, request.reason());
    }

    /** 202: nothing has changed yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/unfreeze")
    @ResponseStatus(202)
    @Operation(operationId = "proposeUnfreeze", summary = "Ask that a customer's money moves again")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView unfreeze(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(unfreezeCustomer, unfreezeCustomer.checked(id), request.reason());
    }
}
