package kvit.identity;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Set;
import kvit.operate.ApprovalView;
import kvit.operate.AuditTrail;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Front ends, for operators. */
@Path("/v1/admin/client-apps")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Front ends")
@RolesAllowed(Role.ADMIN)
class FrontEndResource {

    record RegisterRequest(
            @NotNull String id,
            @NotNull String name,
            @NotNull String platform,
            @NotNull String ownerCountry,
            @NotNull Boolean confidential,
            @NotNull Set<String> scopes,
            @NotNull Set<String> carries,
            @NotBlank @Size(max = 500) String reason) {

        RegisterClient.Registration registration() {
            return new RegisterClient.Registration(
                    id, name, platform, ownerCountry, confidential, scopes, carries);
        }
    }

    /** What is absent stays. */
    @Schema(name = "FrontEndChangeRequest")
    record ChangeRequest(
            @Nullable String name,
            @Nullable Set<String> scopes,
            @Nullable Set<String> carries,
            @Nullable ClientState state,
            @NotBlank @Size(max = 500) String reason) {}

    record SecretRequest(@NotNull Boolean leaked, @NotBlank @Size(max = 500) String reason) {}

    /** As many as somebody has registered by hand, so there is never a next page. */
    record FrontEndList(List<ClientView> items, @Nullable String nextCursor) {}

    /** Shown once. */
    record SecretView(String secret) {}

    private final ClientApps clients;
    private final RegisterClient registerClient;
    private final ChangeClient changeClient;
    private final RotateClientSecret rotateClientSecret;
    private final Propose propose;
    private final AuditTrail audit;

    FrontEndResource(
            ClientApps clients,
            RegisterClient registerClient,
            ChangeClient changeClient,
            RotateClientSecret rotateClientSecret,
            Propose propose,
            AuditTrail audit) {
        this.clients = clients;
        this.registerClient = registerClient;
        this.changeClient = changeClient;
        this.rotateClientSecret = rotateClientSecret;
        this.propose = propose;
        this.audit = audit;
    }

    @GET
    @RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
    @Operation(operationId = "listFrontEnds", summary = "The front ends, without their secrets")
    public FrontEndList list() {
        return new FrontEndList(clients.list(), null);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(202)
    @Operation(operationId = "proposeFrontEnd", summary = "Ask for one more front end")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView register(@NotNull @Valid RegisterRequest request) {
        return propose.propose(registerClient, request.registration(), request.reason());
    }

    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}")
    @ResponseStatus(202)
    @Operation(operationId = "proposeFrontEndChange", summary = "Ask for a change of a front end")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView change(String id, @NotNull @Valid ChangeRequest request) {
        if (request.name() == null
                && request.scopes() == null
                && request.carries() == null
                && request.state() == null) {
            throw GeneralProblem.invalid("/", "changes nothing");
        }
        return propose.propose(
                changeClient,
                new ChangeClient.Change(
                        id, request.name(), request.scopes(), request.carries(), request.state()),
                request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/secret")
    @Operation(operationId = "replaceFrontEndSecret", summary = "A new secret, shown once")
    public SecretView replaceSecret(String id, @NotNull @Valid SecretRequest request) {
        return audit.recording(
                "clients.secret",
                id,
                request.reason(),
                () -> shown(id),
                () ->
                        new SecretView(
                                rotateClientSecret
                                        .rotate(
                                                new RotateClientSecret.Rotation(
                                                        id, request.leaked()))
                                        .value()));
    }

    /** Without a second person, because it stops harm; switching it on again takes two. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/disablement")
    @RolesAllowed({Role.SUPPORT, Role.ADMIN})
    @Operation(operationId = "disableFrontEnd", summary = "Switch a front end off at once")
    public ClientView disable(String id, @NotNull @Valid ReasonRequest request) {
        return audit.recording(
                "clients.disable",
                id,
                request.reason(),
                () -> shown(id),
                () ->
                        changeClient.change(
                                new ChangeClient.Change(
                                        id, null, null, null, ClientState.DISABLED)));
    }

    /** For the audit trail; there are no secrets in it. */
    private @Nullable ClientView shown(String id) {
        return clients.find(id).map(ClientRecord::view).orElse(null);
    }
}
