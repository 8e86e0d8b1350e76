package kvit.operate;

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
import jakarta.ws.rs.core.MediaType;
import java.util.List;
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
            @NotNull @Size(min = 12, max = 200) String password) {}

    private final SignInOperator signInOperator;
    private final EnrolOperator enrolOperator;
    private final Operators operators;
    private final OperatorSessions sessions;
    private final AtWork atWork;

    OperatorResource(
            SignInOperator signInOperator,
            EnrolOperator enrolOperator,
            Operators operators,
            OperatorSessions sessions,
            AtWork atWork) {
        this.signInOperator = signInOperator;
        this.enrolOperator = enrolOperator;
        this.operators = operators;
        this.sessions = sessions;
        this.atWork = atWork;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("enrolments")
    @PermitAll
    @ResponseStatus(201)
    @Operation(operationId = "enrolOperator", summary = "Take up an invitation")
    public EnrolOperator.Enrolled enrol(@NotNull @Valid EnrolRequest request) {
        return enrolOperator.enrol(request.invitation(), request.password());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("sign-ins")
    @PermitAll
    @Operation(
            operationId = "signInOperator",
            summary = "Trade a password, and the authenticator's code, for a session")
    public SignInOperator.SignedIn signIn(@NotNull @Valid SignInRequest request) {
        return signInOperator.signIn(request.email(), request.password(), request.code());
    }

    @DELETE
    @Path("sessions/current")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
    @Operation(operationId = "endOperatorSession", summary = "Sign out")
    public void signOut() {
        sessions.end(atWork.session());
    }

    @GET
    @Path("me")
    @RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
    @Operation(operationId = "getOperator", summary = "Who you are here, and what you may do")
    public OperatorView me() {
        return operators.findById(atWork.id()).view();
    }

    /** There are as many as fit on a page in any house, so there is never a next one. */
    record OperatorList(List<OperatorView> items, @Nullable String nextCursor) {}

    @GET
    @Path("operators")
    @RolesAllowed(Role.ADMIN)
    @Operation(operationId = "listOperators", summary = "Everybody who works here")
    public OperatorList list() {
        return new OperatorList(operators.working(), null);
    }
}
