package kvit.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * A real PostgreSQL that comes with Kvit and keeps its data in a folder: what a sandbox, a
 * developer and the tests run on. It is as durable as one that is set up by hand.
 *
 * <p>Only the binaries are zonky's, not its {@code EmbeddedPostgres}: that class stops the server
 * from a JVM shutdown hook of its own, which runs side by side with Quarkus' and takes the database
 * away from requests that are still being answered. Here whoever started the server says when it
 * ends, and a server that ends before that is started again.
 *
 * <p>The folder belongs to one JVM at a time. In it:
 *
 * <pre>
 * lock            held while that JVM lives
 * binaries-…/     PostgreSQL's programs
 * passwords       of the superuser and of both roles
 * port            chosen at the first start, and kept as long as it is free
 * data/           PostgreSQL's data directory
 * server.log      what PostgreSQL has to say, and server.log.1 from the start before
 * </pre>
 */
public final class BundledPostgres implements AutoCloseable {
    /** Where to keep it; by default in the folder "postgres" of kvit.directory. */
    static final String DIRECTORY = "kvit.postgres.directory";

    /** "true" where the database is this one: from its URL alone nobody could tell. */
    static final String MARKER = "kvit.postgres.bundled";

    static final String URL = "quarkus.datasource.jdbc.url";

    static final String WAY_OUT =
            "With a PostgreSQL of your own in "
                    + LiveSettings.bothNames(URL)
                    + " Kvit needs no bundled one.";

    private static final Logger LOG = Logger.getLogger(BundledPostgres.class);
    private static final String DATABASE = "kvit";
    private static final String OWNER = "kvit_owner";
    private static final String APP = "kvit_app";
    private static final int ATTEMPTS = 3;
    private static final long BETWEEN_RESTARTS_MILLIS = 500;

    private final DirectoryLock lock;
    private final Passwords passwords;
    private final PostgresServer server;

    private BundledPostgres(DirectoryLock lock, Passwords passwords, PostgresServer server) {
        this.lock = lock;
        this.passwords = passwords;
        this.server = server;
    }

    /** Starts PostgreSQL on the data of this folder, after creating whatever is not there yet. */
    public static BundledPostgres start(Path folder) {
        Path directory = folder.toAbsolutePath().normalize();
        try {
            PrivateFiles.createDirectories(directory);
            DirectoryLock lock = DirectoryLock.acquire(directory);
            try {
                return start(directory, lock);
            } catch (IOException | RuntimeException | Error e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new Refusal(
                    "The bundled PostgreSQL in %s does not start: %s\n%s"
                            .formatted(directory, e.getMessage(), WAY_OUT));
        }
    }

    private static BundledPostgres start(Path directory, DirectoryLock lock) throws IOException {
        Orphans.stop(directory);
        PostgresBinaries binaries = PostgresBinaries.unpackInto(directory);
        Passwords passwords = Passwords.in(directory);
        Path data = directory.resolve("data");
        if (!Files.exists(data)) {
            initialize(binaries, data, passwords);
        }
        Path log = directory.resolve("server.log");
        if (Files.exists(log)) {
            Files.move(log, directory.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        PostgresServer server = new PostgresServer(binaries, data, log, passwords.superuser());
        try {
            startOnSomePort(server, directory.resolve("port"));
            createWhatIsMissing(server, passwords);
        } catch (IOException | RuntimeException | Error e) {
            server.stop();
            throw e;
        }
        BundledPostgres started = new BundledPostgres(lock, passwords, server);
        Thread watchdog = new Thread(started::keepRunning, "kvit-postgres-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        return started;
    }

    /** What Quarkus has to know: the service uses one role, the migrations the other. */
    public Map<String, String> config() {
        return Map.of(
                MARKER,
                "true",
                URL,
                server.url(DATABASE),
                "quarkus.datasource.username",
                APP,
                "quarkus.datasource.password",
                passwords.app(),
                "quarkus.flyway.username",
                OWNER,
                "quarkus.flyway.password",
                passwords.owner());
    }

    /** Ends all sessions and returns when PostgreSQL has stopped. */
    @Override
    public void close() {
        server.stop();
        lock.close();
    }

    /** The process id of the running server. */
    long pid() {
        return server.pid();
    }

    /** A session as superuser. */
    Connection connect() throws SQLException {
        return server.connect(DATABASE);
    }

    /**
     * Creates the data directory under another name and renames it when it is complete, so that an
     * interrupted attempt leaves nothing that could be taken for data.
     */
    private static void initialize(PostgresBinaries binaries, Path data, Passwords passwords)
            throws IOException {
        Path incomplete = data.resolveSibling("data.tmp");
        PrivateFiles.deleteTree(incomplete);
        Path passwordFile = data.resolveSibling("initdb-password");
        PrivateFiles.write(passwordFile, passwords.superuser() + "\n");
        Process initdb =
                binaries.tool(
                                "initdb",
                                List.of(
                                        "--pgdata=" + incomplete,
                                        "--username=" + PostgresServer.SUPERUSER,
                                        "--pwfile=" + passwordFile,
                                        "--auth=scram-sha-256",
                                        "--encoding=UTF8",
                                        "--locale=C",
                                        "--data-checksums"))
                        .redirectErrorStream(true)
                        .start();
        initdb.getOutputStream().close();
        String output = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = uninterruptibly(initdb);
        Files.delete(passwordFile);
        if (exitCode != 0) {
            throw new IOException("initdb failed.\n" + output.strip());
        }
        Files.move(incomplete, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static int uninterruptibly(Process process) {
        return process.onExit().join().exitValue();
    }

    /** Between finding a port free and using it somebody else may take it; hence the attempts. */
    private static void startOnSomePort(PostgresServer server, Path file) throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = freePort(file);
            try {
                server.start(port);
                PrivateFiles.write(file, port + "\n");
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS || isFree(port)) {
                    throw e;
                }
            }
        }
    }

    private static int freePort(Path file) throws IOException {
        if (Files.exists(file)) {
            int port = Integer.parseInt(Files.readString(file).strip());
            if (isFree(port)) {
                return port;
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs at every start, so that it also completes a first start that was interrupted. */
    private static void createWhatIsMissing(PostgresServer server, Passwords passwords)
            throws IOException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            login(connection, OWNER, passwords.owner());
            login(connection, APP, passwords.app());
            if (!exists(connection, "select from pg_database where datname = ?", DATABASE)) {
                statement.execute("create database " + DATABASE + " owner " + OWNER);
            }
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Neither name nor password can be a parameter of DDL; both are ours and need no quoting. */
    private static void login(Connection connection, String role, String password)
            throws SQLException {
        String verb =
                exists(connection, "select from pg_roles where rolname = ?", role)
                        ? "alter"
                        : "create";
        try (Statement statement = connection.createStatement()) {
            statement.execute(verb + " role " + role + " login password '" + password + "'");
        }
    }

    private static boolean exists(Connection connection, String query, String name)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private void keepRunning() {
        try {
            while (true) {
                int exitCode = server.awaitEnd();
                if (server.isStopped()) {
                    return;
                }
                LOG.warnf("PostgreSQL ended by itself (%d); it is started again", exitCode);
                restart();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * On the port that Quarkus knows, and as often as it takes: PostgreSQL does not start as long
     * as a backend of its predecessor lives, and those notice their master's death one by one.
     */
    private void restart() throws InterruptedException {
        while (!server.isStopped()) {
            try {
                server.start(server.port());
                return;
            } catch (IOException e) {
                LOG.warnf("PostgreSQL does not start yet: %s", e.getMessage());
                Thread.sleep(BETWEEN_RESTARTS_MILLIS);
            }
        }
    }
}
