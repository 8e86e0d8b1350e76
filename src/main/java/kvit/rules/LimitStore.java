package kvit.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.money.Currency;
import kvit.rules.Limit.Tally;
import org.jspecify.annotations.Nullable;

/** The tables limit_counter and limit_usage. */
@ApplicationScoped
class LimitStore {

    /**
     * What somebody has moved in all, for ever.
     *
     * @param moves how often
     * @param movedAt when last
     * @param confirmed minor units of it that no threshold counts any more: all up to the last
     *     confirmation, and what was confirmed since
     * @param confirmedMoves how many movements these were
     * @param overrides bounds that are other ones for this person; those whose time is over may be
     *     among them
     */
    record Counter(
            long minor,
            long moves,
            Instant movedAt,
            long confirmed,
            long confirmedMoves,
            List<LimitOverride.Bound> overrides) {

        /** As it stood, for whoever asks for no threshold, and what the rules said. */
        Counter(long minor, long moves, Instant movedAt) {
            this(minor, moves, movedAt, 0, 0, List.of());
        }

        /** The limit as it counts for this person now. */
        Limit applied(Limit limit, Instant now) {
            var applied = limit;
            for (var override : overrides) {
                applied = override.applied(applied, now);
            }
            return applied;
        }

        Counter plus(long amount, Instant at) {
            return new Counter(
                    Math.addExact(minor, amount),
                    moves + 1,
                    at.isBefore(movedAt) ? movedAt : at,
                    confirmed,
                    confirmedMoves,
                    overrides);
        }

        /** The last movement was of so much, and was confirmed some time before. */
        Counter lastConfirmed(long amount) {
            return new Counter(
                    minor,
                    moves,
                    movedAt,
                    Math.addExact(confirmed, amount),
                    confirmedMoves + 1,
                    overrides);
        }

        /** The last movement has just been confirmed, and begins anew what is counted. */
        Counter allConfirmed() {
            return new Counter(minor, moves, movedAt, minor, moves, overrides);
        }
    }

    /** The counter of somebody as it stood at a moment. */
    record Moment(Tally tally, Instant at) {}

    /** Since a moment, so much in a counter, and so many movements. */
    record Stand(Moment since, long minor, long moves) {}

    /** The counter after one movement, and what moved. */
    record Usage(Tally tally, Counter after, UUID cause) {}

    private static final String FOR_UPDATE = "for update";

    private final Database database;
    private final ObjectMapper json;

    LimitStore(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    /**
     * Counters, and how they stood at some moments.
     *
     * @param then those that had moved by then
     */
    record Found(Map<Tally, Counter> counters, Map<Moment, Counter> then) {}

    /**
     * Locks the counters in the order of their keys, and then looks back; one that was never used
     * is opened.
     */
    Found lock(Collection<Tally> tallies, Collection<Moment> moments, Instant now) {
        var found = find(tallies, moments, FOR_UPDATE);
        if (found.counters().size() == tallies.size()) {
            return found;
        }
        open(tallies, now);
        return find(tallies, moments, FOR_UPDATE);
    }

    /** The same without a lock; counters that were never used are missing. */
    Found read(Collection<Tally> tallies, Collection<Moment> moments) {
        return find(tallies, moments, "");
    }

    private Found find(Collection<Tally> tallies, Collection<Moment> moments, String locking) {
        var counters =
                database.queryLater(
                        """
                        select customer, currency, operation, minor, moves, moved_at,
                               confirmed_minor, confirmed_moves, overrides
                          from limit_counter
                         where (customer, currency, operation) in (select * from unnest(?, ?, ?))
                         order by customer, currency, operation
                        """
                                + locking,
                        in -> bind(in, tallies),
                        this::counterOfNow);
        var then = at(moments);
        return new Found(byKey(counters.get()), then);
    }

    private void open(Collection<Tally> tallies, Instant now) {
        database.update(
                """
                insert into limit_counter (customer, currency, operation, minor, moves, moved_at)
                select customer, currency, operation, 0, 0, cast(? as timestamptz)
                  from unnest(?, ?, ?) as k (customer, currency, operation)
                 order by customer, currency, operation
                on conflict do nothing
                """,
                in -> bind(in.time(now), tallies));
    }

    private static void bind(Parameters in, Collection<Tally> tallies) {
        in.uuids(tallies, Tally::customer)
                .texts(tallies, it -> it.currency().name())
                .texts(tallies, it -> it.operation().name());
    }

    /** The counters as they stood; one that had not moved yet is missing. */
    Map<Moment, Counter> at(Collection<Moment> moments) {
        return byKey(
                database.query(
                        """
                        select m.customer, m.currency, m.operation, m.at, u.minor, u.moves, u.at
                          from unnest(?, ?, ?, ?) as m (customer, currency, operation, at)
                         cross join lateral (
                               select minor, moves, at
                                 from limit_usage
                                where customer = m.customer and currency = m.currency
                                  and operation = m.operation and at <= m.at
                                order by at desc, moves desc
                                limit 1) u
                        """,
                        in -> {
                            bind(in, moments.stream().map(Moment::tally).toList());
                            in.times(moments, Moment::at);
                        },
                        row ->
                                Map.entry(
                                        new Moment(tally(row), row.getTimestamp(4).toInstant()),
                                        new Counter(
                                                row.getLong(5),
                                                row.getLong(6),
                                                row.getTimestamp(7).toInstant()))));
    }

    /** The counters as the cause found them, at the time of it; without those it did not move. */
    Map<Tally, Counter> before(UUID cause, Collection<Tally> tallies) {
        return byKey(
                database.query(
                        """
                        select u.customer, u.currency, u.operation, coalesce(b.minor, 0), u.moves - 1, u.at
                          from limit_usage u
                          left join limit_usage b
                            on b.customer = u.customer and b.currency = u.currency
                           and b.operation = u.operation and b.moves = u.moves - 1
                         where (u.customer, u.currency, u.operation) in (select * from unnest(?, ?, ?))
                           and u.cause = ?
                        """,
                        in -> {
                            bind(in, tallies);
                            in.uuid(cause);
                        },
                        LimitStore::counter));
    }

    private static <K, V> Map<K, V> byKey(List<Map.Entry<K, V>> entries) {
        var map = new HashMap<K, V>();
        entries.forEach(it -> map.put(it.getKey(), it.getValue()));
        return map;
    }

    private static Map.Entry<Tally, Counter> counter(ResultSet row) throws SQLException {
        return Map.entry(
                tally(row),
                new Counter(row.getLong(4), row.getLong(5), row.getTimestamp(6).toInstant()));
    }

    private Map.Entry<Tally, Counter> counterOfNow(ResultSet row) throws SQLException {
        return Map.entry(
                tally(row),
                new Counter(
                        row.getLong(4),
                        row.getLong(5),
                        row.getTimestamp(6).toInstant(),
                        row.getLong(7),
                        row.getLong(8),
                        overrides(row.getString(9))));
    }

    /** Hardly anybody has any. */
    private List<LimitOverride.Bound> overrides(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        try {
            return List.of(json.readValue(text, LimitOverride.Bound[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what overrides a limit cannot be read", e);
        }
    }

    /** What decisions find in the row; under the caller's lock. */
    void override(Tally tally, List<LimitOverride.Bound> bounds) {
        database.update(
                """
                update limit_counter
                   set overrides = cast(? as jsonb)
                 where customer = ? and currency = ? and operation = ?
                """,
                in ->
                        in.text(write(bounds))
                                .uuid(tally.customer())
                                .text(tally.currency().name())
                                .text(tally.operation().name()));
    }

    private String write(List<LimitOverride.Bound> bounds) {
        try {
            return json.writeValueAsString(bounds);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("bounds are plain records", e);
        }
    }

    private static Tally tally(ResultSet row) throws SQLException {
        return new Tally(
                row.getObject(1, UUID.class),
                Currency.valueOf(row.getString(2)),
                Operation.valueOf(row.getString(3)));
    }

    /** When counters first stood so high; without those that never did. */
    Map<Stand, Instant> reached(Collection<Stand> stands) {
        return byKey(
                database.query(
                        """
                        select s.customer, s.currency, s.operation, s.since, s.minor, s.moves, u.at
                          from unnest(?, ?, ?, ?, ?, ?)
                            as s (customer, currency, operation, since, minor, moves)
                         cross join lateral (
                               select at
                                 from limit_usage
                                where customer = s.customer and currency = s.currency
                                  and operation = s.operation and at > s.since
                                  and minor >= s.minor and moves >= s.moves
                                order by at, moves
                                limit 1) u
                        """,
                        in -> {
                            bind(in, stands.stream().map(it -> it.since().tally()).toList());
                            in.times(stands, it -> it.since().at())
                                    .numbers(stands, Stand::minor)
                                    .numbers(stands, Stand::moves);
                        },
                        row ->
                                Map.entry(
                                        new Stand(
                                                new Moment(
                                                        tally(row),
                                                        row.getTimestamp(4).toInstant()),
                                                row.getLong(5),
                                                row.getLong(6)),
                                        row.getTimestamp(7).toInstant())));
    }

    /** Movements and what they leave in the counters; goes with the next statement. */
    void write(List<Usage> usages, Map<Tally, Counter> counters) {
        database.updateLater(
                """
                insert into limit_usage (customer, currency, operation, moves, minor, at, cause)
                select * from unnest(?, ?, ?, ?, ?, ?, ?)
                """,
                in -> {
                    bind(in, usages.stream().map(Usage::tally).toList());
                    in.numbers(usages, it -> it.after().moves())
                            .numbers(usages, it -> it.after().minor())
                            .times(usages, it -> it.after().movedAt())
                            .uuids(usages, Usage::cause);
                });
        var moved = usages.stream().map(Usage::tally).distinct().toList();
        database.updateLater(
                """
                update limit_counter c
                   set minor = n.minor, moves = n.moves, moved_at = n.moved_at
                  from unnest(?, ?, ?, ?, ?, ?) as n (customer, currency, operation, minor, moves, moved_at)
                 where c.customer = n.customer and c.currency = n.currency and c.operation = n.operation
                """,
                in -> {
                    bind(in, moved);
                    in.numbers(moved, it -> counter(counters, it).minor())
                            .numbers(moved, it -> counter(counters, it).moves())
                            .times(moved, it -> counter(counters, it).movedAt());
                });
    }

    /** From where thresholds count; after {@link #write}, and with the next statement, too. */
    void writeConfirmed(Collection<Tally> tallies, Map<Tally, Counter> counters) {
        database.updateLater(
                """
                update limit_counter c
                   set confirmed_minor = n.minor, confirmed_moves = n.moves
                  from unnest(?, ?, ?, ?, ?) as n (customer, currency, operation, minor, moves)
                 where c.customer = n.customer and c.currency = n.currency and c.operation = n.operation
                """,
                in -> {
                    bind(in, tallies);
                    in.numbers(tallies, it -> counter(counters, it).confirmed())
                            .numbers(tallies, it -> counter(counters, it).confirmedMoves());
                });
    }

    /** Thresholds count from here. */
    void confirmAll(Tally tally) {
        database.update(
                """
                update limit_counter
                   set confirmed_minor = minor, confirmed_moves = moves
                 where customer = ? and currency = ? and operation = ?
                """,
                in ->
                        in.uuid(tally.customer())
                                .text(tally.currency().name())
                                .text(tally.operation().name()));
    }

    private static Counter counter(Map<Tally, Counter> counters, Tally tally) {
        return Objects.requireNonNull(counters.get(tally), "locked before");
    }
}
