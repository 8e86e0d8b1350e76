package kvit.identity;

import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import java.util.UUID;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jspecify.annotations.Nullable;

/**
 * What an access token that was found good says. Read once and not at each look, because a token is
 * remembered and shared by all requests that show it.
 */
class AccessToken extends DefaultJWTCallerPrincipal {

    static final String SESSION_CLAIM = "sid";

    /** RFC 9068 calls it so. */
    static final String CLIENT_CLAIM = "client_id";

    private final UUID customer;
    private final UUID session;
    private final String client;

    /**
     * @throws MalformedClaimException or IllegalArgumentException when it names no customer or no
     *     session
     */
    AccessToken(JwtClaims claims) throws MalformedClaimException {
        super(claims);
        this.customer = id(claims.getSubject());
        this.session = id(claims.getStringClaimValue(SESSION_CLAIM));
        var named = claims.getStringClaimValue(CLIENT_CLAIM);
        this.client = named == null ? ClientApps.WEB : named;
    }

    private static UUID id(@Nullable String claim) {
        return UUID.fromString(claim == null ? "" : claim);
    }

    UUID customer() {
        return customer;
    }

    UUID session() {
        return session;
    }

    /** The front end that the session was opened through. */
    String client() {
        return client;
    }
}
