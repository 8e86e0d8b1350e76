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
    private final Admissions admissions;
    private final Clock clock;

    EndSession(Sessions sessions, Admissions admissions, Clock clock) {
        this.sessions = sessions;
        this.admissions = admissions;
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
        admissions.end(id);
    }
}
