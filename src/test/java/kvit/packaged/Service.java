package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Kvit's jar, run the way its users run it: a process of its own, in a folder of its own. */
public final class Service implements AutoCloseable {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Pattern ADDRESS = Pattern.compile("http://localhost:[0-9]+");

    /** A start takes a few seconds; much more where several builds share the processors. */
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(120);

    private static final Duration DIES_WITHIN = Duration.ofSeconds(10);

    private final Path folder;
    private final Postgres postgres;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private Path jar = JAR;

    /** These processes live for seconds: what they would gain by compiling well comes too late. */
    private List<String> flags = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private Process process;
    private int starts;
    private volatile URI address;

    private Service(Path folder) {
        this.folder = folder;
        this.postgres = new Postgres(folder.resolve(".kvit").resolve("postgres"));
        // For a run that somebody interrupts: no test gets to its end then.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** As on a machine that Kvit has never been on. */
    public static Service onBareMachineIn(Path folder) {
        return new Service(folder);
    }

    static Service in(Path folder) throws IOException {
        var service = new Service(folder);
        service.postgres.provideBinaries();
        return service;
    }

    public Service with(String property, String value) {
        properties.put(property, value);
        return this;
    }

    /** Another build of it. */
    public Service ofJar(Path jar) {
        this.jar = jar;
        return this;
    }

    /**
     * For tests that start it several times: what the compiler has just made is taken to be whole,
     * which spares each start an eighth of its work.
     */
    Service quick() {
        var quicker = new ArrayList<>(flags);
        quicker.add("-XX:+UnlockDiagnosticVMOptions");
        quicker.add("-XX:-BytecodeVerificationRemote");
        return withFlags(quicker);
    }

    /** Instead of the flags of the Java machine that suit a short life. */
    public Service withFlags(List<String> flags) {
        this.flags = List.copyOf(flags);
        return this;
    }

    public Service withVariable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /**
     * Returns when the service is ready; a later start finds the folder as the last one left it.
     */
    public Service start() throws IOException {
        launch();
        try {
            await().atMost(STARTS_WITHIN).until(() -> !process.isAlive() || isReady());
            assertThat(process.isAlive()).as("it runs; its log:\n%s", log()).isTrue();
            return this;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** For a start that is to fail: returns the exit code. */
    int startAndEnd() throws IOException, InterruptedException {
        launch();
        return awaitEnd(STARTS_WITHIN);
    }

    private void launch() throws IOException {
        starts++;
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-Dquarkus.http.port=0");
        command.add("-jar");
        command.add(jar.toAbsolutePath().toString());
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(Service::wouldConfigure);
        environment.putAll(variables);
        process =
                builder.redirectErrorStream(true).redirectOutput(logFile(starts).toFile()).start();
        process.getOutputStream().close();
    }

    /** The machine's own settings for Kvit and for Java are not this test's. */
    private static boolean wouldConfigure(String variable) {
        return variable.matches("(KVIT|QUARKUS|JAVA_TOOL|JDK_JAVA)_.*");
    }

    private boolean isReady() {
        var found = ADDRESS.matcher(log());
        if (!found.find()) {
            return false;
        }
        address = URI.create(found.group());
        return new Client(this).isReady();
    }

    /**
     * The base of all paths. A service that was started again has another one; until it has, this
     * is the old one, where nobody answers.
     */
    public URI address() {
        return Objects.requireNonNull(address, "never started");
    }

    public Postgres postgres() {
        return postgres;
    }

    /** What the service has printed since it was started last. */
    public String log() {
        try {
            return Files.readString(logFile(starts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path logFile(int start) {
        return folder.resolve("service-" + start + ".log");
    }

    public long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. The database's processes are left behind, as they would be. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd(DIES_WITHIN);
    }

    /** SIGTERM; returns at once. */
    public void terminate() {
        process.destroy();
    }

    /** Returns the exit code. */
    public int awaitEnd(Duration within) throws InterruptedException {
        var ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(ended).as("it ends within %s; its log:\n%s", within, log()).isTrue();
        return process.exitValue();
    }

    /** Ends it without manners, and its database with it. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        postgres.destroy();
    }
}
