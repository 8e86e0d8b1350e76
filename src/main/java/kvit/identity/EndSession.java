package kvit.identity;

import static kvit.identity.IdentityProblem.SESSION_NOT_FOUND;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.problem.Problem;
import kvit.source.Clock;

/** Signs a device out: its refresh token at once, its access token within a second everywhere. */
@ApplicationScoped
class EndSession {

    private final Sessions sessions;
    private final LivingSessions living;
    private final Clock clock;

    EndSession(Sessions sessions, LivingSessions living, Clock clock) {
        this.sessions = sessions;
        this.living = living;
        this.clock = clock;
    }

    /**
     * @throws Problem SESSION_NOT_FOUND, also for somebody else's
     */
    void end(UUID customer, UUID id) {
        QuarkusTransaction.requiringNew()
                .run(
                        () -> {
                            var session = sessions.findById(id);
                            if (session == null
                                    || !session.customer.equals(customer)
                                    || session.revokedAt != null) {
                                throw SESSION_NOT_FOUND.because("No such device of yours.");
                            }
                            session.revoke(clock.instant());
                        });
        living.forget(id);
    }
}
