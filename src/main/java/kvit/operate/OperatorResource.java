package kvit.operate;

import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin")
@Tag(name = "Operators")
class OperatorResource {

    record SignInRequest(
            @NotBlank @Size(max = 254) String email,
            @NotBlank @Size(max = 200) String password,
            @Nullable @Pattern(regexp = "[0-9]{6}") String code) {}

    /** NIST SP 800-63B asks for eight beside a second factor; twelve cost nobody more. */
    record EnrolRequest(
            @NotBlank @Size(max = 100) String invitation,
            @Nullable @Size(max = 100) String secondInvitation,
            @NotNull @Size(min = 12, max = 200) String password) {}

    private final SignInOperator signInOperator;
    private final EnrolOperator enrolOperator;
    private final Operators operators;
    private final OperatorSessions sessions;
    private final AuditTrail audit;
    private final AtWork atWork;

    OperatorResource(
            SignInOperator signInOperator,
            EnrolOperator enrolOperator,
            Operators operators,
            OperatorSessions sessions,
            AuditTrail audit,
            AtWork atWork) {
        this.signInOperator = signInOperator;
        this.enrolOperator = enrolOperator;
        this.operators = operators;
        this.sessions = sessions;
        this.audit = audit;
        this.atWork = atWork;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("enrolments")
    @PermitAll
    @ResponseStatus(201)
    @Operation(operationId = "enrolOperator", summary = "Take up an invitation")
    public EnrolOperator.Enrolled enrol(@NotNull @Valid EnrolRequest request) {
        return enrolOperator.enrol(
                request.invitation(), request.secondInvitation(), request.password());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("sign-ins")
    @PermitAll
    @Operation(
            operationId = "signInOperator",
            summary = "Trade a password, and the authenticator's code, for a session")
    public SignInOperator.SignedIn signIn(
            @NotNull @Valid SignInRequest request, @Context HttpServerRequest http) {
        return signInOperator.signIn(
                request.email(),
                request.password(),
                request.code(),
                http.remoteAddress().hostAddress());
    }

    @DELETE
    @Path("sessions/current")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
    @Operation(operationId = "endOperatorSession", summary = "Sign out")
    public void signOut() {
        var session = atWork.session();
        if (session != null) {
            audit.recording(
                    "operators.sign-out",
                    atWork.id().toString(),
                    "Signed out.",
                    () -> sessions.end(session));
        }
    }

    @GET
    @Path("me")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
    @Operation(operationId = "getOperator", summary = "Who you are here, and what you may do")
    public OperatorView me() {
        return operators.view(atWork.id());
    }
}
