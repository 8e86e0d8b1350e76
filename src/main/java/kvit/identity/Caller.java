package kvit.identity;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** Whose request this is, by their access token. */
@RequestScoped
public class Caller {

    /**
     * The role of everybody who signed in by phone, for {@code @RolesAllowed}: for what they may do
     * through any front end. What depends on it is a {@link Scope}.
     */
    public static final String CUSTOMER = AccessTokens.CUSTOMER;

    /**
     * The role of whoever came through a front end that may do all there is, for what is about all
     * there is.
     */
    public static final String EVERYTHING = "everything";

    private final SecurityIdentity identity;

    Caller(SecurityIdentity identity) {
        this.identity = identity;
    }

    public UUID customerId() {
        return token().customer();
    }

    /** For what goes on after this request. */
    public Admission admission() {
        var token = token();
        return new Admission(
                token.customer(),
                token.session(),
                token.client(),
                Set.copyOf(identity.getRoles()),
                Instant.ofEpochSecond(token.getExpirationTime()));
    }

    /** The front end that the session was opened through. */
    public String client() {
        return token().client();
    }

    public UUID sessionId() {
        return token().session();
    }

    private AccessToken token() {
        return (AccessToken) identity.getPrincipal();
    }
}
