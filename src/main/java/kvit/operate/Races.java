package kvit.operate;

import io.quarkus.narayana.jta.QuarkusTransaction;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.Callable;
import kvit.problem.Causes;

/**
 * Transactions of people, of which two now and then want the same: whoever comes second tries
 * again, and then sees what the first has done.
 */
final class Races {

    private static final int ATTEMPTS_MAX = 5;

    /** SQL states: unique violation, serialization failure, deadlock. */
    private static final Set<String> LOST = Set.of("23505", "40001", "40P01");

    private Races() {}

    /** The work in a transaction of its own. */
    static <T> T transaction(Callable<T> work) {
        for (var attempt = 1; ; attempt++) {
            try {
                return QuarkusTransaction.requiringNew().call(work);
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS_MAX || !isLost(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isLost(Throwable failure) {
        return Causes.of(failure).stream()
                .anyMatch(
                        it ->
                                it instanceof SQLException sql
                                        && sql.getSQLState() != null
                                        && LOST.contains(sql.getSQLState()));
    }
}
