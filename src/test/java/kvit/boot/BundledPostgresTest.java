package kvit.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** All tests share one folder, because unpacking takes longer than all the rest. */
class BundledPostgresTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir private static Path folder;

    @Test
    void theServiceAndTheMigrationsHaveRolesOfTheirOwn() throws SQLException {
        try (BundledPostgres postgres = BundledPostgres.start(folder)) {
            try (Connection owner = owner(postgres)) {
                execute(owner, "create table if not exists owned (id int)");
            }
            try (Connection app = app(postgres)) {
                assertThat(query(app, "select current_user")).isEqualTo("kvit_app");
                assertRefused(app, "select * from owned", "permission denied");
                assertRefused(app, "create table own (id int)", "permission denied");
                assertRefused(app, "create role another", "permission denied");
                assertRefused(app, "select pg_read_file('pg_hba.conf')", "permission denied");
            }
        }
    }

    @Test
    void withoutThePasswordNobodyGetsIn() {
        try (BundledPostgres postgres = BundledPostgres.start(folder)) {
            String url = postgres.config().get("quarkus.datasource.jdbc.url");
            assertThatThrownBy(() -> DriverManager.getConnection(url, "kvit_app", "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", ""))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void whatIsCommittedIsOnDisk() throws SQLException {
        try (BundledPostgres postgres = BundledPostgres.start(folder);
                Connection app = app(postgres)) {
            for (String setting :
                    new String[] {
                        "fsync", "synchronous_commit", "full_page_writes", "data_checksums"
                    }) {
                assertThat(query(app, "show " + setting)).as(setting).isEqualTo("on");
            }
        }
    }

    @Test
    void itListensOnThisMachineOnly() throws SQLException {
        try (BundledPostgres postgres = BundledPostgres.start(folder);
                Connection superuser = postgres.connect()) {
            assertThat(query(superuser, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(superuser, "show unix_socket_directories")).isEmpty();
        }
    }

    @Test
    void dataPasswordsAndPortOutliveARestart() throws SQLException {
        Map<String, String> before;
        try (BundledPostgres postgres = BundledPostgres.start(folder);
                Connection owner = owner(postgres)) {
            before = postgres.config();
            execute(owner, "drop table if exists kept", "create table kept as select 7 as seven");
        }
        try (BundledPostgres postgres = BundledPostgres.start(folder);
                Connection owner = owner(postgres)) {
            assertThat(postgres.config()).isEqualTo(before);
            assertThat(query(owner, "select seven from kept")).isEqualTo("7");
        }
    }

    @Test
    void aServerThatDiesIsStartedAgainOnTheSamePort() throws SQLException {
        try (BundledPostgres postgres = BundledPostgres.start(folder);
                Connection busy = app(postgres)) {
            assertThat(query(busy, "select 1")).isEqualTo("1");

            kill("KILL", postgres.pid());

            await().atMost(SOON).until(() -> answers(postgres));
        }
    }

    @Test
    void readinessFollowsADatabaseThatHangs()
            throws IOException, SQLException, InterruptedException {
        try (BundledPostgres postgres = BundledPostgres.start(folder)) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(postgres.config().get("quarkus.datasource.jdbc.url"));
            source.setUser("kvit_app");
            source.setPassword(postgres.config().get("quarkus.datasource.password"));
            source.setLoginTimeout(1);
            DatabaseReadiness readiness = new DatabaseReadiness(source);
            assertThat(status(readiness)).isEqualTo(Status.DOWN);
            readiness.start(new StartupEvent());
            try {
                await().atMost(SOON).until(() -> status(readiness) == Status.UP);
                kill("STOP", postgres.pid());
                await().atMost(Duration.ofSeconds(5)).until(() -> status(readiness) == Status.DOWN);
                kill("CONT", postgres.pid());
                await().atMost(SOON).until(() -> status(readiness) == Status.UP);
            } finally {
                readiness.stop(new ShutdownEvent());
            }
        }
    }

    @Test
    void aFolderHasOneUserAtATimeAndOutlivesItsDeath() throws Exception {
        Process first = Holder.fork(folder);
        long orphan;
        try {
            orphan = Holder.pidOfPostgres(first);
            assertThatThrownBy(() -> BundledPostgres.start(folder))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("Another Kvit is using the bundled PostgreSQL")
                    .hasMessageContaining("KVIT_POSTGRES_DIRECTORY");
        } finally {
            first.destroyForcibly().onExit().join();
        }
        assertThat(runs(orphan)).as("left behind").isTrue();

        try (BundledPostgres second = BundledPostgres.start(folder)) {
            assertThat(answers(second)).isTrue();
            assertThat(runs(orphan)).isFalse();
        }
    }

    @Test
    void aNumberInAFileKillsNoStranger() throws IOException {
        BundledPostgres.start(folder).close();
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(folder.resolve("data/postmaster.pid"), stranger.pid() + "\n");
            try (BundledPostgres postgres = BundledPostgres.start(folder)) {
                assertThat(answers(postgres)).isTrue();
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aFirstStartThatWasInterruptedIsCompleted() throws Exception {
        Path fresh = folder.resolve("interrupted");
        Files.createDirectories(fresh.resolve("data.tmp/base"));
        Files.createDirectories(fresh.resolve("binaries-0000.tmp"));
        try (BundledPostgres postgres = BundledPostgres.start(fresh);
                Connection superuser = postgres.connect()) {
            assertThat(fresh.resolve("binaries-0000.tmp")).doesNotExist();
            execute(superuser, "drop role kvit_app");
        }
        try (BundledPostgres postgres = BundledPostgres.start(fresh)) {
            assertThat(answers(postgres)).isTrue();
        }
    }

    /** Another JVM that starts PostgreSQL and stays. */
    static final class Holder {
        public static void main(String... folder) throws InterruptedException {
            System.out.println(BundledPostgres.start(Path.of(folder[0])).pid());
            Thread.currentThread().join();
        }

        static Process fork(Path folder) throws IOException {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Holder.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        static long pidOfPostgres(Process holder) throws IOException {
            return Long.parseLong(holder.inputReader().readLine());
        }
    }

    /** A process that ended but was never waited for keeps its number, and runs no program. */
    private static boolean runs(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
    }

    private static Connection app(BundledPostgres postgres) throws SQLException {
        return connect(postgres, "quarkus.datasource");
    }

    private static Connection owner(BundledPostgres postgres) throws SQLException {
        return connect(postgres, "quarkus.flyway");
    }

    private static Connection connect(BundledPostgres postgres, String who) throws SQLException {
        Map<String, String> config = postgres.config();
        return DriverManager.getConnection(
                config.get("quarkus.datasource.jdbc.url"),
                config.get(who + ".username"),
                config.get(who + ".password"));
    }

    private static boolean answers(BundledPostgres postgres) {
        try (Connection app = app(postgres)) {
            return query(app, "select 1").equals("1");
        } catch (SQLException e) {
            return false;
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(Connection connection, String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        }
    }

    private static void assertRefused(Connection connection, String sql, String why) {
        assertThatThrownBy(() -> execute(connection, sql))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(why);
    }

    private static Status status(DatabaseReadiness readiness) {
        return readiness.call().await().indefinitely().getStatus();
    }

    private static void kill(String signal, long pid) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).start().onExit().join();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
