package kvit.identity;

import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/sessions")
@Tag(name = "Signing in")
class SessionResource {

    record RefreshRequest(@NotBlank @Size(max = 200) String refreshToken) {}

    /** There are at most as many devices as fit on one page, so there is never a next one. */
    record SessionList(List<SessionView> items, @Nullable String nextCursor) {}

    private final RefreshSession refreshSession;
    private final EndSession endSession;
    private final Sessions sessions;
    private final Caller caller;

    SessionResource(
            RefreshSession refreshSession,
            EndSession endSession,
            Sessions sessions,
            Caller caller) {
        this.refreshSession = refreshSession;
        this.endSession = endSession;
        this.sessions = sessions;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("refresh")
    @PermitAll
    @Operation(operationId = "refreshSession", summary = "Trade a refresh token for a new pair")
    public TokensView refresh(
            @NotNull @Valid RefreshRequest request, @BeanParam ClientCredentials client) {
        return refreshSession.refresh(request.refreshToken(), client);
    }

    @GET
    @RolesAllowed(Scope.PROFILE)
    @Operation(operationId = "listSessions", summary = "The devices that are signed in")
    public SessionList list() {
        var current = caller.sessionId();
        return new SessionList(
                sessions.living(caller.customerId()).stream()
                        .map(
                                it ->
                                        new SessionView(
                                                it.id,
                                                it.device,
                                                it.createdAt,
                                                it.lastUsedAt,
                                                it.id.equals(current)))
                        .toList(),
                null);
    }

    /** Through any front end: whoever could not sign out could not end a session that is stolen. */
    @DELETE
    @Path("current")
    @RolesAllowed(Caller.CUSTOMER)
    @Operation(operationId = "endCurrentSession", summary = "Sign this device out")
    public void endCurrent() {
        endSession.end(caller.customerId(), caller.sessionId());
    }

    @DELETE
    @Path("{id}")
    @RolesAllowed(Scope.PROFILE)
    @Operation(operationId = "endSession", summary = "Sign another device out")
    public void end(UUID id) {
        endSession.end(caller.customerId(), id);
    }
}
