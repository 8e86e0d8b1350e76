package kvit.identity;

import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/sign-ins")
@Tag(name = "Signing in")
@PermitAll
class SignInResource {

    /** A locale is a BCP 47 tag, such as fr or fr-CH. */
    record StartRequest(
            @NotBlank @Size(max = 40) String phone,
            @Nullable @Pattern(regexp = Locales.TAG) String locale) {}

    record ConfirmRequest(@NotNull @Pattern(regexp = "[0-9]{6}") String code) {}

    private final StartSignIn startSignIn;
    private final ConfirmSignIn confirmSignIn;
    private final ResendCode resendCode;

    SignInResource(StartSignIn startSignIn, ConfirmSignIn confirmSignIn, ResendCode resendCode) {
        this.startSignIn = startSignIn;
        this.confirmSignIn = confirmSignIn;
        this.resendCode = resendCode;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(202)
    @Operation(operationId = "startSignIn", summary = "Send a code to a phone")
    @APIResponse(
            responseCode = "202",
            description = "The code is on its way; the same for every phone",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = SignInView.class)))
    public SignInView start(
            @NotNull @Valid StartRequest request,
            @BeanParam ClientCredentials client,
            @Context HttpServerRequest http) {
        return startSignIn.start(request.phone(), request.locale(), client, address(http));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/confirmation")
    @Operation(operationId = "confirmSignIn", summary = "Trade the code for a session")
    public TokensView confirm(
            UUID id,
            @NotNull @Valid ConfirmRequest request,
            @BeanParam ClientCredentials client,
            @HeaderParam(HttpHeaders.USER_AGENT) @Nullable String device) {
        return confirmSignIn.confirm(id, request.code(), client, device);
    }

    @POST
    @Path("{id}/resend")
    @Consumes(MediaType.WILDCARD)
    @ResponseStatus(202)
    @Operation(operationId = "resendCode", summary = "Send a new code; the old one is dead")
    @APIResponse(
            responseCode = "202",
            description = "The new code is on its way",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = SignInView.class)))
    public SignInView resend(
            UUID id, @BeanParam ClientCredentials client, @Context HttpServerRequest http) {
        return resendCode.resend(id, client, address(http));
    }

    /**
     * The peer's own address: a header that names another one counts only behind a configured
     * proxy.
     */
    private static String address(@Context HttpServerRequest http) {
        return http.remoteAddress().hostAddress();
    }
}
