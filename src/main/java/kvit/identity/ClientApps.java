package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/** The table client_app. */
@ApplicationScoped
public class ClientApps {

    /** What somebody signs in through who names nothing. */
    public static final String WEB = "web";

    private static final String COLUMNS =
            """
            id, name, platform, owner_country, carries, confidential, scopes, state, secret_hash,
            previous_secret_hash, previous_secret_ends_at
            """;

    private final Database database;
    private final Admissions admissions;

    ClientApps(Database database, Admissions admissions) {
        this.database = database;
        this.admissions = admissions;
    }

    /**
     * The front end that the caller's session was opened through, as it was within the last second.
     * From memory, for transfers, which are many: whoever was let in came through one that is
     * known. Signing in is seldom, and asks the database.
     */
    public ClientApp of(Caller caller) {
        var id = caller.client();
        return admissions
                .client(id)
                .orElseThrow(() -> new IllegalStateException("no client " + id))
                .app;
    }

    /** Whether there is a front end with this id. */
    public boolean isRegistered(String id) {
        return find(id).isPresent();
    }

    /** Those of them that are not switched off. */
    public Set<String> active(Collection<String> ids) {
        return Set.copyOf(
                database.query(
                        "select id from client_app where id = any (?) and state = 'ACTIVE'",
                        in -> in.texts(ids),
                        row -> row.getString(1)));
    }

    /** What those of them that are registered may do. */
    public Map<String, Set<String>> scopes(Collection<String> ids) {
        var scopes = new HashMap<String, Set<String>>();
        database.query(
                        "select id, scopes from client_app where id = any (?)",
                        in -> in.texts(ids),
                        row -> Map.entry(row.getString(1), (String[]) row.getArray(2).getArray()))
                .forEach(it -> scopes.put(it.getKey(), Set.of(it.getValue())));
        return scopes;
    }

    /**
     * Through which of these front ends each of these people has ever signed in: by that they have
     * let it know of them. Who has not is missing.
     */
    public Map<UUID, Set<String>> knownTo(Collection<String> clients, Collection<UUID> people) {
        var known = new HashMap<UUID, Set<String>>();
        database.query(
                """
                select p.id, s.client
                  from unnest(?) as p (id)
                 cross join unnest(?) as c (id)
                 cross join lateral (select client
                                       from session
                                      where customer = p.id and client = c.id
                                      limit 1) s
                """,
                in -> in.uuids(people).texts(clients),
                row ->
                        known.computeIfAbsent(row.getObject(1, UUID.class), it -> new HashSet<>())
                                .add(row.getString(2)));
        return known;
    }

    /** All of them, by id. */
    List<ClientView> list() {
        return all(database).stream().map(ClientRecord::view).toList();
    }

    /** All of them with all that is known, by id. */
    static List<ClientRecord> all(Database database) {
        return database.query(
                "select " + COLUMNS + " from client_app order by id", in -> {}, ClientApps::read);
    }

    /** A public one that may do everything, unless there is one with its id. */
    public void register(ClientApp app) {
        insert(app, Scope.ALL, null);
    }

    Optional<ClientRecord> find(String id) {
        return ClientForm.isId(id)
                ? database.find(
                        "select " + COLUMNS + " from client_app where id = ?",
                        in -> in.text(id),
                        ClientApps::read)
                : Optional.empty();
    }

    /** Whoever has it changes it alone; people go on signing in meanwhile. */
    Optional<ClientRecord> lock(String id) {
        return database.find(
                "select " + COLUMNS + " from client_app where id = ? for no key update",
                in -> in.text(id),
                ClientApps::read);
    }

    /**
     * Adds one that is not there yet; says whether it was not.
     *
     * @param secret the hash of a confidential one's secret; null for a public one
     */
    boolean insert(ClientApp app, Set<String> scopes, byte @Nullable [] secret) {
        return database.update(
                        """
                        insert into client_app (id, name, platform, owner_country, carries, confidential,
                                                scopes, state, secret_hash)
                        values (?, ?, ?, ?, ?, ?, ?, 'ACTIVE', ?)
                        on conflict (id) do nothing
                        """,
                        in ->
                                in.text(app.id())
                                        .text(app.name())
                                        .text(app.platform())
                                        .text(app.ownerCountry())
                                        .texts(app.carries())
                                        .flag(secret != null)
                                        .texts(scopes)
                                        .bytes(secret))
                == 1;
    }

    void update(
            String id, String name, Set<String> scopes, Set<String> carries, ClientState state) {
        database.update(
                "update client_app set name = ?, scopes = ?, carries = ?, state = ? where id = ?",
                in -> in.text(name).texts(scopes).texts(carries).text(state.name()).text(id));
    }

    /** The one that counted until now goes on until then; the one before it is dead. */
    void replaceSecret(String id, byte[] secret, Instant oldOneEndsAt) {
        database.update(
                """
                update client_app
                   set previous_secret_hash = secret_hash,
                       previous_secret_ends_at = ?,
                       secret_hash = ?
                 where id = ?
                """,
                in -> in.time(oldOneEndsAt).bytes(secret).text(id));
    }

    private static ClientRecord read(ResultSet row) throws SQLException {
        var endsAt = row.getTimestamp(11);
        return new ClientRecord(
                new ClientApp(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        texts(row, 5)),
                row.getBoolean(6),
                texts(row, 7),
                ClientState.valueOf(row.getString(8)),
                row.getBytes(9),
                row.getBytes(10),
                endsAt == null ? null : endsAt.toInstant());
    }

    private static Set<String> texts(ResultSet row, int column) throws SQLException {
        return Set.copyOf(Arrays.asList((String[]) row.getArray(column).getArray()));
    }
}
