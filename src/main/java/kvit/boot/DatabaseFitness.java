package kvit.boot;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What a session of the service finds out about its database and about its own rights there. */
record DatabaseFitness(
        int version, List<String> settingsOff, boolean superuser, List<String> rightsOverThePast) {

    private static final int OLDEST_VERSION = 15;

    /** Rights that come with membership in another role count as well. */
    private static final String QUERY =
            """
            select current_setting('server_version_num')::int / 10000 as version,
                   array(select name
                           from unnest(array['fsync', 'full_page_writes',
                                             'synchronous_commit']) as name
                          where current_setting(name) = 'off') as settings_off,
                   (select rolsuper from pg_roles where rolname = current_user) as superuser,
                   array(select 'OWNER' from pg_class
                          where oid = to_regclass('entry') and pg_has_role(relowner, 'USAGE')
                         union all
                         select privilege
                           from unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as privilege
                          where has_table_privilege(to_regclass('entry'), privilege)) as rights
            """;

    static DatabaseFitness of(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            return new DatabaseFitness(
                    row.getInt("version"),
                    strings(row, "settings_off"),
                    row.getBoolean("superuser"),
                    strings(row, "rights"));
        }
    }

    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (version < OLDEST_VERSION) {
            faults.add(
                    "PostgreSQL %d is too old: it must be %d or newer"
                            .formatted(version, OLDEST_VERSION));
        }
        faults.addAll(durabilityFaults());
        if (superuser) {
            faults.add("the role of the service is a superuser");
        } else if (!rightsOverThePast.isEmpty()) {
            faults.add(
                    "the role of the service can change the past (table entry: %s)"
                            .formatted(String.join(", ", rightsOverThePast)));
        }
        return List.copyOf(faults);
    }

    List<String> durabilityFaults() {
        return settingsOff.stream()
                .map(name -> "PostgreSQL's " + name + " is off: a crash may lose payments")
                .toList();
    }

    private static List<String> strings(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
