package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The tables request and request_share. Whoever changes a share, other than to call it to mind, has
 * its request under lock.
 */
@ApplicationScoped
class RequestStore {

    /**
     * Which requests of a person.
     *
     * @param asking those that they have made
     * @param asked those in which they are asked
     * @param after the last one of the page before this one
     */
    record Query(
            UUID person,
            boolean asking,
            boolean asked,
            @Nullable RequestState state,
            @Nullable UUID after,
            int limit) {}

    /** A share that is due, with what its payer is told of it. */
    record Due(UUID request, UUID share, UUID payer, UUID asker, Money amount) {}

    private static final String COLUMNS =
            " id, asker, minor, currency, split, note, conversation, state, created_at, ended_at ";

    private static final String ORDER = " order by id desc limit ? ";

    private static final String FILTER =
            """
             and (cast(? as text) is null or r.state = ?)
             and (cast(? as uuid) is null or r.id < ?)
            """;

    private final Database database;

    RequestStore(Database database) {
        this.database = database;
    }

    void insert(Request request) {
        database.update(
                """
                insert into request (id, asker, minor, currency, split, note, conversation, state,
                                     created_at, ended_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(request.id())
                                .uuid(request.asker())
                                .number(request.amount().minor())
                                .text(request.amount().currency().name())
                                .text(request.split().name())
                                .text(request.note())
                                .text(request.conversation())
                                .text(request.state().name())
                                .time(request.createdAt())
                                .time(request.endedAt()));
        var shares = request.shares();
        // All of them with one statement: they are looked at together, and have to be the whole.
        database.update(
                """
                insert into request_share (request, id, position, payer, minor, state, remind_at,
                                           ended_at)
                select cast(? as uuid), * from unnest(?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(request.id())
                                .uuids(shares, Share::id)
                                .numbers(shares, it -> (long) it.position())
                                .uuids(shares, Share::payer)
                                .numbers(shares, it -> it.amount().minor())
                                .texts(shares, it -> it.state().name())
                                .times(shares, Share::remindAt)
                                .times(shares, Share::endedAt));
    }

    Optional<Request> find(UUID id) {
        return byIds(List.of(id), "").values().stream().findFirst();
    }

    /** In the order of their ids, and before any account is locked: nobody waits in a circle. */
    Map<UUID, Request> lock(Collection<UUID> ids) {
        return byIds(ids, " for update");
    }

    /** The newest first. */
    List<Request> list(Query query) {
        var ids =
                database.query(
                        "(select r.id from request r where r.asker = ? and ? "
                                + FILTER
                                + ORDER.replace("id", "r.id")
                                + ") union (select r.id from request_share s join request r on r.id"
                                + " = s.request where s.payer = ? and s.state <> 'OWN' and ? "
                                + FILTER
                                + ORDER.replace("id", "s.request")
                                + ")"
                                + ORDER,
                        in -> {
                            bind(in, query, query.asking());
                            bind(in, query, query.asked());
                            in.number(query.limit());
                        },
                        row -> row.getObject(1, UUID.class));
        var found = byIds(ids, "");
        return ids.stream().map(found::get).toList();
    }

    private static void bind(Parameters in, Query query, boolean wanted) {
        var state = query.state() == null ? null : query.state().name();
        in.uuid(query.person())
                .flag(wanted)
                .text(state)
                .text(state)
                .uuid(query.after())
                .uuid(query.after())
                .number(query.limit());
    }

    /** Shares are read after the lock: what was waited for has changed them. */
    private Map<UUID, Request> byIds(Collection<UUID> ids, String lock) {
        var found =
                database.query(
                        "select" + COLUMNS + "from request where id = any (?) order by id" + lock,
                        in -> in.uuids(ids),
                        RequestStore::request);
        var shares = new HashMap<UUID, List<Share>>();
        database.query(
                        """
                        select s.request, s.id, s.position, s.payer, s.minor, r.currency, s.state,
                               s.transfer, s.reminded_at, s.remind_at, s.ended_at
                          from request_share s
                          join request r on r.id = s.request
                         where s.request = any (?)
                         order by s.position
                        """,
                        in -> in.uuids(ids),
                        row -> Map.entry(row.getObject(1, UUID.class), share(row)))
                .forEach(
                        it ->
                                shares.computeIfAbsent(it.getKey(), key -> new ArrayList<>())
                                        .add(it.getValue()));
        var requests = new LinkedHashMap<UUID, Request>();
        for (var it : found) {
            var own = shares.getOrDefault(it.id(), List.of());
            requests.put(
                    it.id(),
                    new Request(
                            it.id(),
                            it.asker(),
                            it.amount(),
                            it.split(),
                            it.note(),
                            it.conversation(),
                            it.state(),
                            it.createdAt(),
                            it.endedAt(),
                            List.copyOf(own)));
        }
        return requests;
    }

    /** With one statement, because after each the shares have to be the whole. */
    void update(Collection<Share> changed) {
        database.update(
                """
                update request_share s
                   set minor = c.minor, state = c.state, transfer = c.transfer,
                       reminded_at = c.reminded_at, remind_at = c.remind_at, ended_at = c.ended_at
                  from unnest(?, ?, ?, ?, ?, ?, ?)
                    as c (id, minor, state, transfer, reminded_at, remind_at, ended_at)
                 where s.id = c.id
                """,
                in ->
                        in.uuids(changed, Share::id)
                                .numbers(changed, it -> it.amount().minor())
                                .texts(changed, it -> it.state().name())
                                .uuids(changed, Share::transfer)
                                .times(changed, Share::remindedAt)
                                .times(changed, Share::remindAt)
                                .times(changed, Share::endedAt));
    }

    /** Of requests that are over, after their shares. */
    void end(Collection<Request> ended) {
        if (ended.isEmpty()) {
            return;
        }
        database.update(
                """
                update request r
                   set state = c.state, ended_at = c.ended_at
                  from unnest(?, ?, ?) as c (id, state, ended_at)
                 where r.id = c.id
                """,
                in ->
                        in.uuids(ended, Request::id)
                                .texts(ended, it -> it.state().name())
                                .times(ended, Request::endedAt));
    }

    /**
     * Those that are to be called to mind by themselves by now, at most so many, and notes that
     * they were. Without those whose request somebody is at, who writes them back as they were
     * read: they are being paid, or it is another replica.
     */
    List<Due> remindDue(Instant now, int atMost) {
        return database.query(
                """
                update request_share s
                   set reminded_at = ?, remind_at = null
                  from (select o.id, r.asker, r.currency
                          from request_share o
                          join request r on r.id = o.request
                         where o.state = 'OPEN' and o.remind_at <= ?
                         order by o.remind_at
                         limit ?
                           for update of r, o skip locked) due
                 where s.id = due.id
                returning s.request, s.id, s.payer, due.asker, s.minor, due.currency
                """,
                in -> in.time(now).time(now).number(atMost),
                row ->
                        new Due(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                row.getObject(3, UUID.class),
                                row.getObject(4, UUID.class),
                                money(row, 5)));
    }

    private static Request request(ResultSet row) throws SQLException {
        return new Request(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                money(row, 3),
                Split.valueOf(row.getString(5)),
                row.getString(6),
                row.getString(7),
                RequestState.valueOf(row.getString(8)),
                row.getTimestamp(9).toInstant(),
                time(row.getTimestamp(10)),
                List.of());
    }

    private static Share share(ResultSet row) throws SQLException {
        return new Share(
                row.getObject(2, UUID.class),
                row.getInt(3),
                row.getObject(4, UUID.class),
                money(row, 5),
                ShareState.valueOf(row.getString(7)),
                row.getObject(8, UUID.class),
                time(row.getTimestamp(9)),
                time(row.getTimestamp(10)),
                time(row.getTimestamp(11)));
    }

    private static Money money(ResultSet row, int minor) throws SQLException {
        return new Money(row.getLong(minor), Currency.valueOf(row.getString(minor + 1)));
    }

    private static @Nullable Instant time(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
