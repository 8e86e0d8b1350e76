package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/** The table client_app. */
@ApplicationScoped
public class ClientApps {

    /** What somebody signs in through who names nothing. */
    public static final String WEB = "web";

    private final Database database;

    /** What is registered stands for good, so whoever was found once is found for ever. */
    private final Map<String, ClientApp> known = new ConcurrentHashMap<>();

    ClientApps(Database database) {
        this.database = database;
    }

    /** The front end that the caller's session was opened through. */
    public ClientApp of(Caller caller) {
        var id = caller.client();
        return find(id).orElseThrow(() -> new IllegalStateException("no client " + id));
    }

    Optional<ClientApp> find(@Nullable String name) {
        var id = name == null ? WEB : name;
        var remembered = known.get(id);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        var found =
                database.find(
                        "select id, name, platform, owner_country, carries from client_app where id = ?",
                        in -> in.text(id),
                        ClientApps::read);
        found.ifPresent(it -> known.put(id, it));
        return found;
    }

    private static ClientApp read(ResultSet row) throws SQLException {
        return new ClientApp(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Set.of((String[]) row.getArray(5).getArray()));
    }

    /** Registers one that is not there yet. */
    public void register(ClientApp app) {
        database.update(
                """
                insert into client_app (id, name, platform, owner_country, carries)
                select ?, ?, ?, ?, coalesce(array_agg(carried), '{}') from unnest(?) carried
                on conflict do nothing
                """,
                in ->
                        in.text(app.id())
                                .text(app.name())
                                .text(app.platform())
                                .text(app.ownerCountry())
                                .texts(app.carries()));
    }
}
