package kvit.identity;

import static kvit.identity.IdentityProblem.SIGN_IN_TOO_OLD;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * A code that was typed just now. What makes somebody able to confirm is not given to whoever has
 * an access token and nothing more: those are stolen.
 */
@ApplicationScoped
class FreshSignIn {

    private final Sessions sessions;
    private final IdentityConfig config;
    private final Clock clock;

    FreshSignIn(Sessions sessions, IdentityConfig config, Clock clock) {
        this.sessions = sessions;
        this.config = config;
        this.clock = clock;
    }

    /**
     * @throws Problem SIGN_IN_TOO_OLD
     */
    void require(UUID session) {
        var signedInAt =
                QuarkusTransaction.requiringNew().call(() -> sessions.findById(session)).createdAt;
        if (clock.instant().isAfter(signedInAt.plus(config.pinSignInWithin()))) {
            throw tooOld();
        }
    }

    static Problem tooOld() {
        return SIGN_IN_TOO_OLD.because("Sign in again, by a new code, and repeat this.");
    }
}
