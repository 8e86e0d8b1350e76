package kvit.identity;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/v1/admin/customers")
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
    @APIResponse(
            responseCode = "202",
            description = "It waits for somebody else's approval",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ApprovalView.class)))
    public ApprovalView unfreeze(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(unfreezeCustomer, unfreezeCustomer.checked(id), request.reason());
    }
}
