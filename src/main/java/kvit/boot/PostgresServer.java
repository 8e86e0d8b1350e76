package kvit.boot;

import static java.util.Map.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The server process on one data directory. */
final class PostgresServer {
    static final String SUPERUSER = "postgres";

    /** Long, because after a crash the server first replays what it had promised to keep. */
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(5);

    private static final int CONNECTS_WITHIN_SECONDS = 5;
    private static final int LINES_OF_LOG = 5;

    /**
     * Given on the command line, where no file in the data directory can override them. The first
     * three are PostgreSQL's defaults; they are spelt out because everything rests on them. There
     * is no Unix socket, because its path would have to be shorter than many folders' names are.
     *
     * <p>Memory and the distance between checkpoints are those of a small server and not of the
     * toaster that the defaults are for: after a checkpoint each page that changes is written to
     * the log as a whole, and a ledger changes many. A start after a crash has more to replay.
     *
     * <p>A new file of the log is not written full of zeros before it is used: whoever commits at
     * that moment would wait for 16 MB on their way to the disk, once a second under load. What is
     * committed is made durable in either case, the file's length and place included.
     *
     * <p>Vacuum looks for work four times a minute, so that it finds what is new still in memory;
     * after how many rows is said with the tables (V046).
     */
    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    entry("fsync", "on"),
                    entry("synchronous_commit", "on"),
                    entry("full_page_writes", "on"),
                    entry("shared_buffers", "512MB"),
                    entry("wal_buffers", "16MB"),
                    entry("wal_init_zero", "off"),
                    entry("max_wal_size", "4GB"),
                    entry("checkpoint_timeout", "15min"),
                    entry("autovacuum_naptime", "15s"),
                    entry("listen_addresses", "127.0.0.1"),
                    entry("unix_socket_directories", ""),
                    entry("timezone", "UTC"),
                    entry("log_timezone", "UTC"),
                    entry("log_checkpoints", "off"));

    private final PostgresBinaries binaries;
    private final Path data;
    private final Path log;
    private final String password;
    private volatile @Nullable Process process;
    private volatile int port;
    private volatile boolean stopped;

    PostgresServer(PostgresBinaries binaries, Path data, Path log, String password) {
        this.binaries = binaries;
        this.data = data;
        this.log = log;
        this.password = password;
    }

    /** Returns when the server answers. */
    void start(int port) throws IOException {
        Process launched = launch(port);
        boolean decided = Waiting.until(() -> !launched.isAlive() || answers(), STARTS_WITHIN);
        if (!decided || !launched.isAlive()) {
            end(launched);
            throw new IOException("from %s:\n%s".formatted(log, endOfLog()));
        }
    }

    private synchronized Process launch(int port) throws IOException {
        if (stopped) {
            throw new IOException("it has been stopped");
        }
        List<String> arguments =
                new ArrayList<>(List.of("-D", data.toString(), "-p", String.valueOf(port)));
        SETTINGS.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
        Process launched =
                binaries.server(arguments)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        launched.getOutputStream().close();
        this.port = port;
        this.process = launched;
        return launched;
    }

    /** Only our own server knows our password, so another one on this port is no answer. */
    private boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(CONNECTS_WITHIN_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Returns the exit code when the server has ended, for whatever reason. */
    int awaitEnd() throws InterruptedException {
        return launched().waitFor();
    }

    /** Stops the server for good; a start under way fails. */
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        Process last = process;
        if (last != null) {
            end(last);
        }
    }

    boolean isStopped() {
        return stopped;
    }

    /** Politely at first; even the last resort loses nothing that was committed. */
    private static void end(Process process) {
        for (Shutdown shutdown : Shutdown.values()) {
            if (process.isAlive()) {
                shutdown.request(process.pid());
                Waiting.until(() -> !process.isAlive(), shutdown.patience());
            }
        }
        process.destroyForcibly().onExit().join();
    }

    int port() {
        return port;
    }

    long pid() {
        return launched().pid();
    }

    private Process launched() {
        return Objects.requireNonNull(process, "not started");
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /**
     * A session as superuser. Not by way of {@code DriverManager}, which does not see the driver in
     * the class loader of a packaged Quarkus.
     */
    Connection connect(String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(database));
        source.setUser(SUPERUSER);
        source.setPassword(password);
        source.setConnectTimeout(CONNECTS_WITHIN_SECONDS);
        source.setSocketTimeout(CONNECTS_WITHIN_SECONDS);
        return source.getConnection();
    }

    private String endOfLog() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
    }
}
