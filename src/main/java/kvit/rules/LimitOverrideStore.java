package kvit.rules;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.rules.Limit.Tally;
import org.jspecify.annotations.Nullable;

/**
 * The table limit_override, which is the record. What decisions read is a copy in the counter's
 * row, which {@link LimitStore} keeps.
 */
@ApplicationScoped
class LimitOverrideStore {

    private static final String COLUMNS =
            "id, customer, rule, operation, currency, max, count, since, until, reason, proposed_by,"
                    + " approved_by, window_seconds";

    private final Database database;

    LimitOverrideStore(Database database) {
        this.database = database;
    }

    void insert(LimitOverride override) {
        database.update(
                "insert into limit_override ("
                        + COLUMNS
                        + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                in ->
                        in.uuid(override.id())
                                .uuid(override.customer())
                                .text(override.rule())
                                .text(override.operation().name())
                                .text(override.currency().name())
                                .number(override.max())
                                .number(override.count())
                                .time(override.since())
                                .time(override.until())
                                .text(override.reason())
                                .text(override.proposedBy())
                                .text(override.approvedBy())
                                .number(seconds(override.window())));
    }

    private static @Nullable Long seconds(@Nullable Duration window) {
        return window == null ? null : (Long) window.toSeconds();
    }

    /** Of one limit of somebody's the last one counts, as long as it does, and none before it. */
    Optional<LimitOverride> inForce(Limit limit, Instant at, Instant knownAt) {
        return last(limit.tally(), limit.rule(), at.isBefore(knownAt) ? at : knownAt)
                .filter(it -> at.isBefore(it.until()) && it.bound().isOf(limit));
    }

    /** The last one that was approved by then, in force or not. */
    Optional<LimitOverride> last(Tally tally, String rule, Instant at) {
        return database.find(
                "select "
                        + COLUMNS
                        + """
                         from limit_override
                         where customer = ? and currency = ? and operation = ? and rule = ? and since <= ?
                         order by since desc, id desc
                         limit 1
                        """,
                in ->
                        in.uuid(tally.customer())
                                .text(tally.currency().name())
                                .text(tally.operation().name())
                                .text(rule)
                                .time(at),
                LimitOverrideStore::read);
    }

    /** The last one of each limit that a counter is held against, in force or not. */
    List<LimitOverride> last(Tally tally) {
        return database.query(
                "select distinct on (rule) "
                        + COLUMNS
                        + """
                         from limit_override
                         where customer = ? and currency = ? and operation = ?
                         order by rule, since desc, id desc
                        """,
                in ->
                        in.uuid(tally.customer())
                                .text(tally.currency().name())
                                .text(tally.operation().name()),
                LimitOverrideStore::read);
    }

    /** All that somebody ever had, the newest first. */
    List<LimitOverride> list(UUID customer, @Nullable UUID before, int atMost) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from limit_override
                         where customer = ? and (cast(? as uuid) is null or id < ?)
                         order by id desc
                         limit ?
                        """,
                in -> in.uuid(customer).uuid(before).uuid(before).number(atMost),
                LimitOverrideStore::read);
    }

    private static LimitOverride read(ResultSet row) throws SQLException {
        var seconds = row.getObject(13, Long.class);
        return new LimitOverride(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getString(3),
                Operation.valueOf(row.getString(4)),
                Currency.valueOf(row.getString(5)),
                row.getObject(6, Long.class),
                row.getObject(7, Long.class),
                seconds == null ? null : Duration.ofSeconds(seconds),
                row.getTimestamp(8).toInstant(),
                row.getTimestamp(9).toInstant(),
                row.getString(10),
                row.getString(11),
                row.getString(12));
    }
}
