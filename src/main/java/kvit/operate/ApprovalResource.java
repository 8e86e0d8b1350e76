package kvit.operate;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin/approvals")
@Tag(name = "Operators")
@RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
class ApprovalResource {

    /** The whole body may be left out. */
    record DecisionRequest(@Nullable @Size(max = 500) String reason) {}

    private final Approvals approvals;
    private final Decide decide;

    ApprovalResource(Approvals approvals, Decide decide) {
        this.approvals = approvals;
        this.decide = decide;
    }

    @GET
    @Operation(operationId = "listApprovals", summary = "What waits for a second pair of eyes")
    public Page<ApprovalView> list(
            @QueryParam("state") @Nullable String state, @BeanParam PageParameters parameters) {
        return approvals.list(state, parameters);
    }

    @GET
    @Path("{id}")
    @Operation(operationId = "getApproval", summary = "One request, with all that it would do")
    public ApprovalView get(UUID id) {
        return approvals.view(id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/approval")
    @RolesAllowed(Role.APPROVER)
    @Operation(operationId = "approve", summary = "Carry out what somebody else has asked for")
    public ApprovalView approve(UUID id, @Nullable @Valid DecisionRequest request) {
        return decide.approve(id, request == null ? null : request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/rejection")
    @Operation(operationId = "reject", summary = "Refuse it, or withdraw what you asked for")
    public ApprovalView reject(UUID id, @Nullable @Valid DecisionRequest request) {
        return decide.reject(id, request == null ? null : request.reason());
    }
}
