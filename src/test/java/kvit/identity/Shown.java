package kvit.identity;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.util.UUID;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;

/** Access tokens that were found good, without a request that shows them. */
final class Shown {

    private Shown() {}

    static SecurityIdentity token(UUID customer, UUID session, String client) {
        var claims = new JwtClaims();
        claims.setSubject(customer.toString());
        claims.setStringClaim("sid", session.toString());
        claims.setStringClaim("client_id", client);
        try {
            return QuarkusSecurityIdentity.builder().setPrincipal(new AccessToken(claims)).build();
        } catch (MalformedClaimException e) {
            throw new IllegalStateException(e);
        }
    }
}
