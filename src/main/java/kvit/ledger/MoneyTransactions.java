package kvit.ledger;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import kvit.database.Database;
import kvit.database.LostRace;
import kvit.problem.Causes;
import kvit.problem.GeneralProblem;
import kvit.problem.Outage;
import kvit.problem.Problem;
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
    public static final class Superseded extends LostRace {
        private static final long serialVersionUID = 1;

        public Superseded(String message) {
            super(message);
        }
    }

    private static final Logger LOG = Logger.getLogger(MoneyTransactions.class);

    private static final int ATTEMPTS_MAX = 5;

    /**
     * Doubles with each attempt; a random part of it is waited, so that rivals do not meet again.
     */
    private static final Duration BACKOFF = Duration.ofMillis(5);

    /** Much shorter than the time-out of a socket. */
    private static final Duration BREAKS_WITHIN = Duration.ofSeconds(1);

    /**
     * Past this nothing is committed any more: whoever waits has given up, or soon will. Looked at
     * by the working thread, because a time-out of the transaction manager strikes from another
     * one.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    /**
     * Could not serialize, a deadlock, and a lock or a statement that took too long: PostgreSQL's
     * queue for a row that changes all the time is not fair, and whoever starved in it has done
     * nothing.
     */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03", "57014");

    /** Of these, what somebody holds and goes on holding: it is there at the next attempt, too. */
    private static final Set<String> WAITED_IN_VAIN = Set.of("55P03", "57014");

    /**
     * For work of many callers: much longer than two lists of them hold each other up, much shorter
     * than one row that is locked for good may hold up all.
     */
    private static final String SHARED_LOCK_TIMEOUT = "set local lock_timeout = '250ms'";

    private static final String UNIQUE_VIOLATION = "23505";

    /** A lost connection, in PostgreSQL's words and in the driver's. */
    private static final Set<String> CONNECTION_LOST =
            Set.of("08000", "08001", "08003", "08006", "08007", "57P01", "57P02");

    private enum Manner {
        ONCE,
        KEYED,
        SHARED
    }

    private final Database database;
    private final SecureRandom random;

    MoneyTransactions(Database database, SecureRandom random) {
        this.database = database;
        this.random = random;
    }

    /**
     * For work that would happen a second time if it were repeated: it is repeated only when the
     * database has said that nothing of it was done.
     */
    public <T> T once(Supplier<T> work) {
        return run(work, Manner.ONCE);
    }

    /**
     * For work that looks up its own key first. When the connection is lost inside COMMIT nobody
     * knows whether it was done; running it again finds out, because the key's row either stands or
     * does not, and a COMMIT still under way holds the key until it has ended. For that it waits
     * until the database is there again, as long as its patience lasts. A unique key that was taken
     * in the meantime is found by the next attempt, too.
     */
    public <T> T keyed(Supplier<T> work) {
        return run(work, Manner.KEYED);
    }

    /**
     * The same for the work of many callers, who would all wait for whatever one of them waits for:
     * it fails soon where a lock is not to be had, and is to be split then. A connection that was
     * lost is replaced wherever that happened.
     */
    public <T> T shared(Supplier<T> work) {
        return run(
                () -> {
                    database.updateLater(SHARED_LOCK_TIMEOUT, in -> {});
                    return work.get();
                },
                Manner.SHARED);
    }

    /** For work that only finds out what it would do: all of it is rolled back. */
    public <T> T undone(Supplier<T> work) {
        var found = new AtomicReference<T>();
        try {
            once(
                    () -> {
                        found.set(work.get());
                        throw new Undo();
                    });
        } catch (Undo expected) {
            LOG.debug("undone");
        }
        return Objects.requireNonNull(found.get());
    }

    private static class Undo extends RuntimeException {
        private static final long serialVersionUID = 1;

        Undo() {
            super("not to be committed", null, false, false);
        }
    }

    private <T> T run(Supplier<T> work, Manner manner) {
        var begun = System.nanoTime();
        var mayBeDone = false;
        for (var attempt = 1; ; attempt++) {
            var commit = new Commit();
            try {
                return QuarkusTransaction.requiringNew()
                        .call(
                                () -> {
                                    var result = work.get();
                                    database.flush();
                                    requireInTime(begun);
                                    commit.begun = true;
                                    return result;
                                });
            } catch (RuntimeException e) {
                mayBeDone |= manner != Manner.ONCE && commit.begun && isConnectionLost(e);
                if (mayBeDone && isAway(e) && isInTime(begun)) {
                    LOG.debugf("attempt %d, in doubt: %s", attempt, e);
                    backOff(Math.min(attempt, ATTEMPTS_MAX));
                    continue;
                }
                if (!isWorthRepeating(e, manner, attempt, begun)) {
                    throw e;
                }
                LOG.debugf("attempt %d: %s", attempt, e);
                if (attempt >= ATTEMPTS_MAX) {
                    LOG.warnf("gave up after %d attempts: %s", attempt, e);
                    throw busy();
                }
                requireInTime(begun);
                backOff(attempt);
            }
        }
    }

    private static boolean isWorthRepeating(
            RuntimeException failure, Manner manner, int attempt, long begun) {
        return switch (manner) {
            case ONCE -> isConflict(failure);
            case KEYED -> isConflict(failure) || isKeyTaken(failure);
            case SHARED ->
                    !waitedInVain(failure)
                            && (isConflict(failure)
                                    || isKeyTaken(failure)
                                    || (isConnectionLost(failure)
                                            && !Outage.isForAll(failure)
                                            && attempt == 1
                                            && isYoung(begun)));
        };
    }

    /** There is no connection, or there was one: time may help. */
    private static boolean isAway(RuntimeException failure) {
        return isConnectionLost(failure) || Outage.isForAll(failure);
    }

    /**
     * A line that breaks is replaced once, because it may be one of the callers who breaks it. One
     * that was silent until its time was over is silent for everybody, and they have waited enough.
     */
    private static boolean isYoung(long begun) {
        return System.nanoTime() - begun < BREAKS_WITHIN.toNanos();
    }

    /** Whether {@link #shared} failed for want of patience, which a transaction of one may have. */
    public static boolean waitedInVain(Throwable failure) {
        return has(failure, WAITED_IN_VAIN);
    }

    private static void requireInTime(long begun) {
        if (!isInTime(begun)) {
            throw busy();
        }
    }

    private static boolean isInTime(long begun) {
        return System.nanoTime() - begun <= PATIENCE.toNanos();
    }

    private static Problem busy() {
        return GeneralProblem.UNAVAILABLE
                .because("Too many others are at the same accounts; try again.")
                .retryAfter(Duration.ofSeconds(1));
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
        return Causes.of(failure).stream().anyMatch(Superseded.class::isInstance)
                || has(failure, CONFLICTS);
    }

    private static boolean isKeyTaken(Throwable failure) {
        return has(failure, Set.of(UNIQUE_VIOLATION));
    }

    private static boolean isConnectionLost(Throwable failure) {
        return has(failure, CONNECTION_LOST);
    }

    private static boolean has(Throwable failure, Set<String> states) {
        for (var cause : Causes.of(failure)) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && states.contains(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
