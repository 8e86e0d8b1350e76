package kvit.operate;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Operators, for each other. */
@Path("/v1/admin/operators")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Operators")
@RolesAllowed(Role.ADMIN)
class ColleagueResource {

    record InviteRequest(
            @NotBlank @Size(max = 254) String email,
            @NotBlank @Size(max = 100) String name,
            @NotNull @Size(max = 4) List<@NotBlank String> roles,
            @NotBlank @Size(max = 500) String reason) {}

    record RolesRequest(
            @NotNull @Size(max = 4) List<@NotBlank String> roles,
            @NotBlank @Size(max = 500) String reason) {}

    /** There are as many as fit on a page in any house, so there is never a next one. */
    record OperatorList(List<OperatorView> items, @Nullable String nextCursor) {}

    private final Operators operators;
    private final InviteColleague inviteColleague;
    private final ChangeOperator changeOperator;
    private final DisableOperator disableOperator;
    private final DrawInvitation drawInvitation;
    private final Propose propose;

    ColleagueResource(
            Operators operators,
            InviteColleague inviteColleague,
            ChangeOperator changeOperator,
            DisableOperator disableOperator,
            DrawInvitation drawInvitation,
            Propose propose) {
        this.operators = operators;
        this.inviteColleague = inviteColleague;
        this.changeOperator = changeOperator;
        this.disableOperator = disableOperator;
        this.drawInvitation = drawInvitation;
        this.propose = propose;
    }

    @GET
    @Operation(operationId = "listOperators", summary = "Everybody who works here, or did")
    public OperatorList list() {
        return new OperatorList(operators.everybody(), null);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(202)
    @Operation(operationId = "proposeOperator", summary = "Ask for one more operator")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView invite(@NotNull @Valid InviteRequest request) {
        return propose.propose(
                inviteColleague,
                inviteColleague.of(request.email(), request.name(), request.roles()),
                request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/roles")
    @ResponseStatus(202)
    @Operation(operationId = "proposeOperatorRoles", summary = "Ask for other roles of an operator")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView changeRoles(UUID id, @NotNull @Valid RolesRequest request) {
        return proposed(id, ChangeOperator.Kind.ROLES, request.roles(), request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/enablement")
    @ResponseStatus(202)
    @Operation(operationId = "proposeOperatorEnablement", summary = "Ask to let one work again")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView enable(UUID id, @NotNull @Valid ReasonRequest request) {
        return proposed(id, ChangeOperator.Kind.ENABLE, null, request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/reset")
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeOperatorReset",
            summary = "Ask for a new beginning of one who has lost password or authenticator")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView reset(UUID id, @NotNull @Valid ReasonRequest request) {
        return proposed(id, ChangeOperator.Kind.RESET, null, request.reason());
    }

    private ApprovalView proposed(
            UUID id, ChangeOperator.Kind kind, @Nullable List<String> roles, String reason) {
        return propose.propose(changeOperator, changeOperator.of(id, kind, roles), reason);
    }

    /** Without a second person, because it stops harm; letting them in again takes two. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/disablement")
    @Operation(operationId = "disableOperator", summary = "Send an operator away at once")
    public OperatorView disable(UUID id, @NotNull @Valid ReasonRequest request) {
        return disableOperator.disable(id, request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/invitation")
    @RolesAllowed({Role.ADMIN, Role.APPROVER})
    @Operation(
            operationId = "drawInvitation",
            summary = "Your half of an invitation that you have asked for or agreed to, once")
    public DrawInvitation.Half draw(UUID id, @NotNull @Valid ReasonRequest request) {
        return drawInvitation.draw(id, request.reason());
    }
}
