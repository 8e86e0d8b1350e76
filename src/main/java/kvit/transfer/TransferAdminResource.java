package kvit.transfer;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Transfers, for operators. */
@Path("/v1/admin/transfers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Transfers at work")
@RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
class TransferAdminResource {

    private final LookIntoTransfer lookIntoTransfer;
    private final ReverseTransfer reverseTransfer;
    private final Propose propose;
    private final Cursors cursors;

    TransferAdminResource(
            LookIntoTransfer lookIntoTransfer,
            ReverseTransfer reverseTransfer,
            Propose propose,
            Cursors cursors) {
        this.lookIntoTransfer = lookIntoTransfer;
        this.reverseTransfer = reverseTransfer;
        this.propose = propose;
        this.cursors = cursors;
    }

    @GET
    @Operation(operationId = "searchTransfers", summary = "Anybody's transfers, newest first")
    public Page<TransferView> search(@BeanParam SearchParameters parameters) {
        var limit = parameters.limit();
        var list = "admin-transfers|" + parameters;
        var after = cursors.decode(list, parameters.cursor()).map(UUID::fromString).orElse(null);
        return Page.of(
                lookIntoTransfer.find(parameters, after, limit),
                limit,
                last -> cursors.encode(list, last.id().toString()));
    }

    @GET
    @Path("{id}")
    @Operation(
            operationId = "lookIntoTransfer",
            summary = "One with its postings, its decision, and what became of it")
    public TransferDetail get(UUID id) {
        return lookIntoTransfer.look(id);
    }

    /** 202: nothing has moved yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/reversal")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE})
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeTransferReversal",
            summary = "Ask that what is left of a transfer goes back to its payer")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView reverse(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(reverseTransfer, reverseTransfer.checked(id), request.reason());
    }
}
