package kvit.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class DatabaseFitnessTest {
    @TempDir private static Path folder;
    private static BundledPostgres postgres;

    @BeforeAll
    static void start() {
        postgres = BundledPostgres.start(folder);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void aPlainRoleOnADurableServerIsFit() throws SQLException {
        assertThat(DatabaseFitness.of(session("quarkus.datasource")).faults()).isEmpty();
    }

    @Test
    void whoeverMayChangeEntriesIsNotFit() throws SQLException {
        asSuperuser(
                "create table entry (amount bigint)",
                "alter table entry owner to kvit_owner",
                "grant select, insert on entry to kvit_app");
        assertThat(DatabaseFitness.of(session("quarkus.datasource")).faults()).isEmpty();

        asSuperuser("grant update, truncate on entry to kvit_app");
        assertThat(DatabaseFitness.of(session("quarkus.datasource")).faults())
                .containsExactly(
                        "the role of the service can change the past (table entry: UPDATE,"
                                + " TRUNCATE)");
        assertThat(DatabaseFitness.of(session("quarkus.flyway")).faults())
                .containsExactly(
                        "the role of the service can change the past (table entry: OWNER, UPDATE,"
                                + " DELETE, TRUNCATE)");
        asSuperuser("drop table entry");
    }

    @Test
    void asynchronousCommitIsSeenByTheSessionThatHasIt() throws SQLException {
        PGSimpleDataSource hasty = session("quarkus.datasource");
        hasty.setOptions("-c synchronous_commit=off");
        assertThat(DatabaseFitness.of(hasty).faults())
                .containsExactly(
                        "PostgreSQL's synchronous_commit is off: a crash may lose payments");
    }

    @Test
    void allFaultsAreNamedAtOnce() {
        assertThat(new DatabaseFitness(14, List.of("fsync"), true, List.of("OWNER")).faults())
                .containsExactly(
                        "PostgreSQL 14 is too old: it must be 15 or newer",
                        "PostgreSQL's fsync is off: a crash may lose payments",
                        "the role of the service is a superuser");
    }

    private static PGSimpleDataSource session(String who) {
        Map<String, String> config = postgres.config();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(config.get("quarkus.datasource.jdbc.url"));
        source.setUser(config.get(who + ".username"));
        source.setPassword(config.get(who + ".password"));
        return source;
    }

    private static void asSuperuser(String... statements) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
