package kvit.identity;

import jakarta.enterprise.context.RequestScoped;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Whose request this is, by their access token. */
@RequestScoped
public class Caller {

    /**
     * The role of everybody who signed in by phone, for {@code @RolesAllowed}: for what they may do
     * through any front end. What depends on it is a {@link Scope}.
     */
    public static final String CUSTOMER = AccessTokens.CUSTOMER;

    private final JsonWebToken token;

    Caller(JsonWebToken token) {
        this.token = token;
    }

    public UUID customerId() {
        return UUID.fromString(token.getSubject());
    }

    /** The front end that the session was opened through. */
    String client() {
        return client(token);
    }

    static String client(JsonWebToken token) {
        String client = token.getClaim(AccessTokens.CLIENT_CLAIM);
        return client == null ? ClientApps.WEB : client;
    }

    UUID sessionId() {
        return UUID.fromString(token.getClaim(AccessTokens.SESSION_CLAIM));
    }
}
