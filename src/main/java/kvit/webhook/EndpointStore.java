package kvit.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * The table webhook_endpoint. Whoever changes what belongs to an endpoint has its row under lock.
 */
@ApplicationScoped
class EndpointStore {

    private static final String COLUMNS =
            """
            id, client, url, types, state, disabled_because, salt, previous_salt, previous_ends_at,
            draw_until, draw_leaked, place, failures, failing_since, quiet_until, created_at
            """;

    private final Database database;

    EndpointStore(Database database) {
        this.database = database;
    }

    /** All of them, of which there are few, in a fixed order. */
    List<Endpoint> all() {
        return database.query(
                "select " + COLUMNS + " from webhook_endpoint order by client, id",
                in -> {},
                EndpointStore::read);
    }

    Optional<Endpoint> find(UUID id) {
        return database.find(
                "select " + COLUMNS + " from webhook_endpoint where id = ?",
                in -> in.uuid(id),
                EndpointStore::read);
    }

    Optional<Endpoint> lock(UUID id) {
        return lock(List.of(id)).stream().findFirst();
    }

    /** In the order of their ids, so that nobody waits in a circle. */
    List<Endpoint> lock(List<UUID> ids) {
        return database.query(
                "select "
                        + COLUMNS
                        + " from webhook_endpoint where id = any (?) order by id for no key update",
                in -> in.uuids(ids),
                EndpointStore::read);
    }

    long countOf(String client) {
        return database.find(
                        "select count(*) from webhook_endpoint where client = ?",
                        in -> in.text(client),
                        row -> row.getLong(1))
                .orElseThrow();
    }

    /** Without a secret, which may be drawn until then. */
    void insert(
            UUID id, String client, String url, Set<String> types, Instant drawUntil, Instant now) {
        database.update(
                """
                insert into webhook_endpoint (id, client, url, types, state, draw_until, place, created_at)
                values (?, ?, ?, ?, 'NEW', ?, 0, ?)
                """,
                in -> in.uuid(id).text(client).text(url).texts(types).time(drawUntil).time(now));
    }

    void change(UUID id, String url, Set<String> types) {
        database.update(
                "update webhook_endpoint set url = ?, types = ? where id = ?",
                in -> in.text(url).texts(types).uuid(id));
    }

    /** With a clean slate: what it did before it was away is no reason to leave it alone. */
    void enable(UUID id) {
        database.update(
                """
                update webhook_endpoint
                   set state = case when salt is null then 'NEW' else 'ACTIVE' end,
                       disabled_because = null,
                       failures = 0, failing_since = null, quiet_until = null
                 where id = ?
                """,
                in -> in.uuid(id));
    }

    void disable(UUID id, DisabledBecause why) {
        database.update(
                "update webhook_endpoint set state = 'DISABLED', disabled_because = ? where id = ?",
                in -> in.text(why.name()).uuid(id));
    }

    void letDraw(UUID id, Instant until, boolean leaked) {
        database.update(
                "update webhook_endpoint set draw_until = ?, draw_leaked = ? where id = ?",
                in -> in.time(until).flag(leaked).uuid(id));
    }

    /**
     * The one that counted until now goes on until then; null for not at all. Of a new endpoint
     * this is the beginning, behind that notice.
     */
    void replaceSecret(UUID id, byte[] salt, @Nullable Instant oldOneEndsAt, long place) {
        database.update(
                """
                update webhook_endpoint e
                   set previous_salt = case when o.ends_at is null then null else e.salt end,
                       previous_ends_at = case when e.salt is null then null else o.ends_at end,
                       salt = ?,
                       draw_until = null,
                       draw_leaked = false,
                       place = case when e.salt is null then ? else e.place end,
                       state = case when e.state = 'NEW' then 'ACTIVE' else e.state end
                  from (select cast(? as timestamptz) as ends_at) o
                 where e.id = ?
                """,
                in -> in.bytes(salt).number(place).time(oldOneEndsAt).uuid(id));
    }

    void moveTo(List<UUID> ids, long place) {
        database.update(
                "update webhook_endpoint set place = ? where id = any (?) and place < ?",
                in -> in.number(place).uuids(ids).number(place));
    }

    /** How its last calls went. */
    void went(UUID id, int failures, @Nullable Instant failingSince, @Nullable Instant quietUntil) {
        database.update(
                """
                update webhook_endpoint set failures = ?, failing_since = ?, quiet_until = ?
                 where id = ?
                """,
                in -> in.number(failures).time(failingSince).time(quietUntil).uuid(id));
    }

    private static Endpoint read(ResultSet row) throws SQLException {
        var because = row.getString(6);
        return new Endpoint(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                Set.copyOf(Arrays.asList((String[]) row.getArray(4).getArray())),
                EndpointState.valueOf(row.getString(5)),
                because == null ? null : DisabledBecause.valueOf(because),
                row.getBytes(7),
                row.getBytes(8),
                time(row, 9),
                time(row, 10),
                row.getBoolean(11),
                row.getLong(12),
                row.getInt(13),
                time(row, 14),
                time(row, 15),
                row.getTimestamp(16).toInstant());
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        var time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
