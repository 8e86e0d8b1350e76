package kvit.operate;

import io.quarkus.narayana.jta.QuarkusTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import kvit.database.LostRace;
import kvit.problem.Causes;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jboss.logging.Logger;

/**
 * Transactions of people, of which two now and then want the same: whoever comes second tries
 * again, and then sees what the first has done.
 */
final class Races {

    /** Whoever loses has lost to somebody who won, so with as many rivals nobody is left over. */
    private static final int ATTEMPTS_MAX = 20;

    private static final Duration COME_BACK_AFTER = Duration.ofSeconds(1);

    /** SQL states: unique violation, serialization failure, deadlock. */
    private static final Set<String> LOST = Set.of("23505", "40001", "40P01");

    private static final Logger LOG = Logger.getLogger(Races.class);

    private Races() {}

    /**
     * The work in a transaction of its own.
     *
     * @throws Problem UNAVAILABLE when there were more rivals than that
     */
    static <T> T transaction(Callable<T> work) {
        for (var attempt = 1; ; attempt++) {
            try {
                return QuarkusTransaction.requiringNew().call(work);
            } catch (RuntimeException e) {
                if (!isLost(e)) {
                    throw e;
                }
                if (attempt == ATTEMPTS_MAX) {
                    LOG.warnf("lost %d races: %s", attempt, e.getMessage());
                    throw GeneralProblem.UNAVAILABLE
                            .because("Too many others change the same; try again.")
                            .retryAfter(COME_BACK_AFTER);
                }
            }
        }
    }

    private static boolean isLost(Throwable failure) {
        return Causes.of(failure).stream()
                .anyMatch(
                        it ->
                                it instanceof LostRace
                                        || (it instanceof SQLException sql
                                                && sql.getSQLState() != null
                                                && LOST.contains(sql.getSQLState())));
    }
}
