package kvit.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.arc.Arc;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Refuses tokens whose session has ended. A signed token knows nothing of that, so each is checked
 * against the database, at most twice a second per session.
 */
@ApplicationScoped
class LivingSessions implements SecurityIdentityAugmentor {

    /** Bounded, because a session costs nothing to open. */
    private static final int REMEMBERED_MAX = 100_000;

    private final Sessions sessions;
    private final Cache<UUID, Boolean> remembered;

    LivingSessions(Sessions sessions, IdentityConfig config) {
        this.sessions = sessions;
        this.remembered =
                Caffeine.newBuilder()
                        .maximumSize(REMEMBERED_MAX)
                        .expireAfterWrite(config.sessionMemory())
                        .build();
    }

    @Override
    public Uni<SecurityIdentity> augment(
            SecurityIdentity identity, AuthenticationRequestContext context) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            return Uni.createFrom().item(identity);
        }
        var id = UUID.fromString(token.getClaim(AccessTokens.SESSION_CLAIM));
        var known = remembered.getIfPresent(id);
        return known != null
                ? Uni.createFrom().item(() -> living(identity, known))
                : context.runBlocking(() -> living(identity, look(id)));
    }

    private static SecurityIdentity living(SecurityIdentity identity, boolean isAlive) {
        if (!isAlive) {
            throw IdentityProblem.SESSION_REVOKED.because("Sign in again.");
        }
        return identity;
    }

    /**
     * This replica's own revocations hold at once, also where a look that began before them ends
     * after them.
     */
    void forget(UUID id) {
        remembered.put(id, false);
    }

    private boolean look(UUID id) {
        var context = Arc.container().requestContext();
        if (context.isActive()) {
            return ask(id);
        }
        context.activate();
        try {
            return ask(id);
        } finally {
            context.terminate();
        }
    }

    /**
     * Not as the cache's own loader: that would make the others of the session wait, and when the
     * database hangs each would wait for it after the one before has given up.
     */
    private boolean ask(UUID id) {
        var isAlive = sessions.isAlive(id);
        var earlier = remembered.asMap().putIfAbsent(id, isAlive);
        return earlier == null ? isAlive : earlier;
    }
}
