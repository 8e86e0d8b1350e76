package kvit.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.database.Parameters;
import org.jspecify.annotations.Nullable;

/** The tables webhook_delivery and webhook_attempt. */
@ApplicationScoped
class DeliveryStore {

    /** A call that has failed. */
    record Attempt(
            UUID customer,
            long number,
            Instant at,
            @Nullable Integer status,
            String error,
            long millis) {}

    private static final String COLUMNS =
            """
            customer, endpoint, number, id, type, body, state, attempts, tried_at, status, error,
            created_at
            """;

    private final Database database;

    DeliveryStore(Database database) {
        this.database = database;
    }

    void insert(List<Delivery> deliveries) {
        database.update(
                """
                insert into webhook_delivery (customer, endpoint, number, id, type, body, state, error,
                                              created_at)
                select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuids(deliveries, Delivery::customer)
                                .uuids(deliveries, Delivery::endpoint)
                                .numbers(deliveries, Delivery::number)
                                .uuids(deliveries, Delivery::id)
                                .texts(deliveries, Delivery::type)
                                .texts(deliveries, Delivery::body)
                                .texts(deliveries, it -> it.state().name())
                                .texts(deliveries, Delivery::error)
                                .times(deliveries, Delivery::createdAt));
    }

    /** The next ones that wait of each of these customers, in their order. */
    List<Delivery> next(UUID endpoint, Collection<UUID> customers, int ofEach) {
        return database.query(
                """
                select d.*
                  from unnest(?) as c (customer)
                 cross join lateral (select %s
                                       from webhook_delivery
                                      where customer = c.customer and endpoint = ? and state = 'PENDING'
                                      order by number
                                      limit ?) d
                 order by d.customer, d.number
                """
                        .formatted(COLUMNS),
                in -> in.uuids(customers).uuid(endpoint).number(ofEach),
                DeliveryStore::read);
    }

    /** What they are from now on. */
    void update(List<Delivery> tried) {
        database.update(
                """
                update webhook_delivery d
                   set state = r.state, attempts = r.attempts, tried_at = r.tried_at,
                       status = r.status, error = r.error
                  from unnest(?, ?, ?, ?, ?, ?, ?, ?)
                       as r (customer, endpoint, number, state, attempts, tried_at, status, error)
                 where d.customer = r.customer and d.endpoint = r.endpoint and d.number = r.number
                """,
                in ->
                        in.uuids(tried, Delivery::customer)
                                .uuids(tried, Delivery::endpoint)
                                .numbers(tried, Delivery::number)
                                .texts(tried, it -> it.state().name())
                                .numbers(tried, it -> (long) it.attempts())
                                .times(tried, Delivery::triedAt)
                                .numbers(tried, it -> number(it.status()))
                                .texts(tried, Delivery::error));
    }

    void insertAttempts(UUID endpoint, List<Attempt> failed) {
        database.update(
                """
                insert into webhook_attempt (endpoint, customer, number, at, status, error, millis)
                select cast(? as uuid), customer, number, at, status, error, millis
                  from unnest(?, ?, ?, ?, ?, ?) as a (customer, number, at, status, error, millis)
                """,
                in ->
                        in.uuid(endpoint)
                                .uuids(failed, Attempt::customer)
                                .numbers(failed, Attempt::number)
                                .times(failed, Attempt::at)
                                .numbers(failed, it -> number(it.status()))
                                .texts(failed, Attempt::error)
                                .numbers(failed, Attempt::millis));
    }

    /**
     * Those of an endpoint, the newest first.
     *
     * @param state null for any
     * @param before behind that number; null for the beginning
     */
    List<Delivery> list(
            UUID endpoint, @Nullable DeliveryState state, @Nullable Long before, int atMost) {
        // As a word of the statement, so that those that are dead are found by their own index.
        var which = state == null ? "" : " and state = '" + state + "'";
        return database.query(
                "select "
                        + COLUMNS
                        + " from webhook_delivery where endpoint = ? and number < ?"
                        + which
                        + " order by number desc limit ?",
                in ->
                        in.uuid(endpoint)
                                .number(before == null ? Long.MAX_VALUE : before)
                                .number(atMost),
                DeliveryStore::read);
    }

    Optional<Delivery> find(UUID endpoint, UUID id) {
        return database.find(
                "select " + COLUMNS + " from webhook_delivery where id = ? and endpoint = ?",
                in -> in.uuid(id).uuid(endpoint),
                DeliveryStore::read);
    }

    /** The calls that have failed, in their order. */
    List<Attempt> attempts(Delivery of) {
        return database.query(
                """
                select customer, number, at, status, error, millis
                  from webhook_attempt
                 where customer = ? and endpoint = ? and number = ?
                 order by at
                """,
                in -> in.uuid(of.customer()).uuid(of.endpoint()).number(of.number()),
                row ->
                        new Attempt(
                                row.getObject(1, UUID.class),
                                row.getLong(2),
                                row.getTimestamp(3).toInstant(),
                                row.getObject(4, Integer.class),
                                row.getString(5),
                                row.getLong(6)));
    }

    /** Lets a dead one wait again, as if nobody had tried; says of how many customers how many. */
    List<LaneStore.Added> revive(UUID endpoint, UUID id) {
        return revived(
                """
                update webhook_delivery
                   set state = 'PENDING', attempts = 0, tried_at = null, status = null, error = null
                 where id = ? and endpoint = ? and state = 'DEAD'
                returning customer
                """,
                endpoint,
                in -> in.uuid(id).uuid(endpoint));
    }

    /** The same of the oldest dead ones that were stored since then. */
    List<LaneStore.Added> revive(UUID endpoint, Instant since, int atMost) {
        return revived(
                """
                update webhook_delivery d
                   set state = 'PENDING', attempts = 0, tried_at = null, status = null, error = null
                  from (select customer, number
                          from webhook_delivery
                         where endpoint = ? and state = 'DEAD' and created_at >= ?
                         order by number
                         limit ?) dead
                 where d.customer = dead.customer and d.endpoint = ? and d.number = dead.number
                returning d.customer
                """,
                endpoint,
                in -> in.uuid(endpoint).time(since).number(atMost).uuid(endpoint));
    }

    private List<LaneStore.Added> revived(String update, UUID endpoint, Consumer<Parameters> bind) {
        return database.query(
                "with revived as ("
                        + update
                        + ") select customer, count(*) from revived group by 1",
                bind,
                row -> new LaneStore.Added(row.getObject(1, UUID.class), endpoint, row.getLong(2)));
    }

    /** Deletes some that have ended long ago; says how many. */
    int purge(Instant createdBefore, int atMost) {
        return database.update(
                """
                delete from webhook_delivery
                 where state <> 'PENDING'
                   and id in (select id
                                from webhook_delivery
                               where created_at < ? and state <> 'PENDING'
                               limit ?)
                """,
                in -> in.time(createdBefore).number(atMost));
    }

    private static @Nullable Long number(@Nullable Integer value) {
        return value == null ? null : Long.valueOf(value);
    }

    private static Delivery read(ResultSet row) throws SQLException {
        var triedAt = row.getTimestamp(9);
        return new Delivery(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getLong(3),
                row.getObject(4, UUID.class),
                row.getString(5),
                row.getString(6),
                DeliveryState.valueOf(row.getString(7)),
                row.getInt(8),
                triedAt == null ? null : triedAt.toInstant(),
                row.getObject(10, Integer.class),
                row.getString(11),
                row.getTimestamp(12).toInstant());
    }
}
