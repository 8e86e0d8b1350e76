package kvit.identity;

import jakarta.ws.rs.HeaderParam;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Which front end a request says that it comes through, and its proof. In headers and not in the
 * body: they are the same for everybody who signs in.
 */
class ClientCredentials {

    @HeaderParam("Kvit-Client")
    @Parameter(description = "The registered front end. Without it a sign-in begins through web")
    @Nullable String client;

    @HeaderParam("Kvit-Client-Secret")
    @Parameter(description = "The secret of a confidential front end; public ones have none")
    @Nullable String secret;
}
