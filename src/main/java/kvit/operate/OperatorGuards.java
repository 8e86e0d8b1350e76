package kvit.operate;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * The table operator_guard: wrong passwords and codes of an operator by where they came from, so
 * that a stranger who goes on trying keeps out themselves and not the operator. In the running
 * transaction, under the lock on the operator.
 */
@ApplicationScoped
class OperatorGuards {

    /** Whom a sign-in is about that is about nobody: the same statements take the same time. */
    static final UUID NOBODY = new UUID(0, 0);

    /** Longer than any lock; a network that has been quiet for so long begins anew. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Database database;

    OperatorGuards(Database database) {
        this.database = database;
    }

    /**
     * What came from there.
     *
     * @param lockedUntil null where nothing is locked
     */
    record Guard(int failures, @Nullable Instant lockedUntil) {

        static final Guard NONE = new Guard(0, null);

        Guard oneMore(@Nullable Instant until) {
            return new Guard(failures + 1, until);
        }

        boolean isLockedAt(Instant now) {
            return lockedUntil != null && now.isBefore(lockedUntil);
        }
    }

    Guard of(UUID operator, String network, Instant now) {
        return database.find(
                        """
                        select failures, locked_until
                          from operator_guard
                         where operator = ? and network = ? and failed_at > ?
                        """,
                        in -> in.uuid(operator).text(network).time(now.minus(REMEMBERED)),
                        row -> {
                            var until = row.getTimestamp(2);
                            return new Guard(
                                    row.getInt(1), until == null ? null : until.toInstant());
                        })
                .orElse(Guard.NONE);
    }

    /** Of nobody nothing is written. */
    void failed(UUID operator, String network, Guard guard, Instant now) {
        database.update(
                """
                insert into operator_guard (operator, network, failures, locked_until, failed_at)
                select id, ?, ?, ?, ? from operator where id = ?
                on conflict (operator, network) do update
                   set failures = excluded.failures, locked_until = excluded.locked_until,
                       failed_at = excluded.failed_at
                """,
                in ->
                        in.text(network)
                                .number(guard.failures())
                                .time(guard.lockedUntil())
                                .time(now)
                                .uuid(operator));
        database.update(
                "delete from operator_guard where operator = ? and failed_at <= ?",
                in -> in.uuid(operator).time(now.minus(REMEMBERED)));
    }

    /** Whoever got in from there has proved themselves. */
    void forget(UUID operator, String network) {
        database.update(
                "delete from operator_guard where operator = ? and network = ?",
                in -> in.uuid(operator).text(network));
    }
}
