package kvit.ledger;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kvit.problem.GeneralProblem;
import org.jboss.logging.Logger;

/**
 * Runs work in a database transaction of its own and repeats it when the database asks for that.
 *
 * <p>Bounded, because work that never gets through must become an answer: after five attempts it is
 * a 503 that the caller may repeat.
 */
@ApplicationScoped
public class MoneyTransactions {

    /** Two callers decided at the same time: the whole attempt is void and is made again. */
    public static final class Superseded extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Superseded(String message) {
            super(message, null, false, false);
        }
    }

    private static final Logger LOG = Logger.getLogger(MoneyTransactions.class);

    private static final int ATTEMPTS_MAX = 5;

    /**
     * Doubles with each attempt; a random part of it is waited, so that rivals do not meet again.
     */
    private static final Duration BACKOFF = Duration.ofMillis(5);

    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK = "40P01";
    private static final String UNIQUE_VIOLATION = "23505";

    /** A lost connection, in PostgreSQL's words and in the driver's. */
    private static final Set<String> CONNECTION_LOST =
            Set.of("08000", "08001", "08003", "08006", "08007", "57P01", "57P02");

    private final SecureRandom random;

    MoneyTransactions(SecureRandom random) {
        this.random = random;
    }

    /**
     * For work that would happen a second time if it were repeated: it is repeated only when the
     * database has said that nothing of it was done.
     */
    public <T> T once(Supplier<T> work) {
        return run(work, false);
    }

    /**
     * For work that looks up its own key first. When the connection is lost inside COMMIT nobody
     * knows whether it was done; running it again finds out, because the key's row either stands or
     * does not, and a COMMIT still under way holds the key until it has ended. A unique key that
     * was taken in the meantime is found by the next attempt, too.
     */
    public <T> T keyed(Supplier<T> work) {
        return run(work, true);
    }

    private <T> T run(Supplier<T> work, boolean keyed) {
        for (var attempt = 1; ; attempt++) {
            var commit = new Commit();
            try {
                return QuarkusTransaction.requiringNew()
                        .call(
                                () -> {
                                    var result = work.get();
                                    commit.begun = true;
                                    return result;
                                });
            } catch (RuntimeException e) {
                var unknown = commit.begun && isConnectionLost(e);
                if (!isConflict(e) && !(keyed && (unknown || has(e, Set.of(UNIQUE_VIOLATION))))) {
                    throw e;
                }
                LOG.debugf("attempt %d: %s", attempt, e);
                if (attempt == ATTEMPTS_MAX) {
                    throw GeneralProblem.UNAVAILABLE
                            .because("Too many others are at the same accounts; try again.")
                            .retryAfter(Duration.ofSeconds(1));
                }
                backOff(attempt);
            }
        }
    }

    /** Whether the work was through and only its COMMIT was left. */
    private static class Commit {
        boolean begun;
    }

    private void backOff(int attempt) {
        try {
            TimeUnit.NANOSECONDS.sleep(random.nextLong(BACKOFF.toNanos() << attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two attempts", e);
        }
    }

    private static boolean isConflict(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Superseded) {
                return true;
            }
        }
        return has(failure, Set.of(SERIALIZATION_FAILURE, DEADLOCK));
    }

    private static boolean isConnectionLost(Throwable failure) {
        return has(failure, CONNECTION_LOST);
    }

    private static boolean has(Throwable failure, Set<String> states) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && states.contains(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
