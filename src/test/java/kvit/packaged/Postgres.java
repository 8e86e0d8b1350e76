package kvit.packaged;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The bundled PostgreSQL of a folder, taken hold of from outside. */
public final class Postgres {

    /** Who may log in, by its name in the file of passwords. */
    public enum Role {
        SUPERUSER("postgres"),
        OWNER("kvit_owner"),
        APP("kvit_app");

        private final String user;

        Role(String user) {
            this.user = user;
        }
    }

    /** Where the tests before the packaging have unpacked PostgreSQL's programs, if they ran. */
    private static final Path UNPACKED = Path.of("target", "kvit-test", "postgres");

    private static final Duration DIES_WITHIN = Duration.ofSeconds(10);

    private final Path directory;

    Postgres(Path directory) {
        this.directory = directory;
    }

    /** The same for whoever starts PostgreSQL alone. */
    public static void provideBinariesIn(Path directory) throws IOException {
        new Postgres(directory).provideBinaries();
    }

    /** Spares a new folder the unpacking, which takes longer than all the rest of a start. */
    void provideBinaries() throws IOException {
        if (!Files.exists(UNPACKED) || Files.exists(directory)) {
            return;
        }
        try (var folders = Files.newDirectoryStream(UNPACKED, "binaries-*[0-9a-f]")) {
            for (var folder : folders) {
                copy(folder, directory.resolve(folder.getFileName()));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is)
                            throws IOException {
                        Files.createDirectories(to.resolve(from.relativize(folder)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes is)
                            throws IOException {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file)),
                                StandardCopyOption.COPY_ATTRIBUTES,
                                LinkOption.NOFOLLOW_LINKS);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** The process that all others of the server are children of. */
    public long postmaster() {
        try (var lines = Files.lines(directory.resolve("data").resolve("postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow().strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The postmaster first, and whoever works for it; by the program that they run. */
    List<ProcessHandle> processes() {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try {
            var real = directory.toRealPath();
            return ProcessHandle.allProcesses()
                    .filter(it -> it.info().command().filter(run -> isIn(real, run)).isPresent())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isIn(Path folder, String program) {
        return Path.of(program).startsWith(folder);
    }

    /** All of them within one call, so that none has the time to notice what befell another. */
    void signalAll(String signal) {
        signal(signal, processes().stream().map(ProcessHandle::pid));
    }

    void signalPostmaster(String signal) {
        signal(signal, Stream.of(postmaster()));
    }

    private static void signal(String signal, Stream<Long> pids) {
        var numbers = pids.map(String::valueOf).collect(Collectors.joining(" "));
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + numbers)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For the end of a test: when it returns nothing runs from the folder any more. */
    void destroy() {
        await().atMost(DIES_WITHIN)
                .until(
                        () -> {
                            processes().forEach(ProcessHandle::destroyForcibly);
                            return processes().isEmpty();
                        });
    }

    /** What the server had to say since it was started last. */
    String log() {
        return read("server.log");
    }

    public Connection connect(Role role) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + read("port").strip() + "/kvit",
                role.user,
                password(role));
    }

    String password(Role role) {
        var passwords = new Properties();
        try (var file = Files.newBufferedReader(directory.resolve("passwords"))) {
            passwords.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return passwords.getProperty(role.name().toLowerCase(Locale.ROOT));
    }

    public void run(Role role, String... statements) throws SQLException {
        try (var connection = connect(role);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The number that a query comes to. */
    public long number(Role role, String query) throws SQLException {
        try (var connection = connect(role);
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
