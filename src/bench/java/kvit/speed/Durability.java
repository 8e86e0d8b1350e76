package kvit.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import kvit.packaged.Postgres;
import kvit.packaged.Postgres.Role;

/** What PostgreSQL says of itself: a server that may forget is fast, and no use. */
final class Durability {

    private static final String SETTINGS =
            """
            select name, current_setting(name)
              from pg_settings
             where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers',
                            'max_wal_size', 'server_version')
             order by name
            """;

    private Durability() {}

    /** Its settings, by name; fails where what it has acknowledged could be lost. */
    static Map<String, String> require(Postgres postgres) throws SQLException {
        var settings = new LinkedHashMap<String, String>();
        try (var connection = postgres.connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var row = statement.executeQuery(SETTINGS)) {
            while (row.next()) {
                settings.put(row.getString(1), row.getString(2));
            }
        }
        assertThat(settings)
                .containsEntry("fsync", "on")
                .containsEntry("synchronous_commit", "on")
                .containsEntry("full_page_writes", "on");
        return settings;
    }
}
