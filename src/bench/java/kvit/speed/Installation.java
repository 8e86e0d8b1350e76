package kvit.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import kvit.packaged.Postgres;
import kvit.packaged.Service;

/** The packaged service in a folder of its own, as somebody starts it who has only the jar. */
final class Installation implements AutoCloseable {

    private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

    private final Service service;
    private Processes processes;

    private Installation(Service service) {
        this.service = service;
    }

    /** Not started yet. */
    static Installation of(Path jar, Path folder) throws IOException {
        Files.createDirectories(folder);
        return new Installation(
                Service.onBareMachineIn(folder)
                        .ofJar(jar)
                        .withFlags(List.of(Settings.flags().split(" ")))
                        // Otherwise the C library keeps memory for each thread that ever asked for
                        // some.
                        .withVariable("MALLOC_ARENA_MAX", "2")
                        // Nobody signs in anew in the middle of it; whoever does is no transfer.
                        .with("kvit.identity.access-token-life", "PT6H"));
    }

    /** Returns when it is ready. */
    Installation start() throws IOException {
        service.start();
        processes = new Processes(service.pid(), service.postgres().postmaster());
        return this;
    }

    /** Starts it, and says how long it took from the start of the process until it was ready. */
    Duration timeToStart() throws IOException {
        var begunAt = System.nanoTime();
        start();
        return Duration.ofNanos(System.nanoTime() - begunAt);
    }

    /** Everything is put away as it should be; it can be started again. */
    void stop() throws InterruptedException {
        service.terminate();
        service.awaitEnd(ENDS_WITHIN);
    }

    Service service() {
        return service;
    }

    Postgres postgres() {
        return service.postgres();
    }

    /** Of the start that was last. */
    Processes processes() {
        return processes;
    }

    Map<String, String> requireDurable() throws SQLException {
        return Durability.require(service.postgres());
    }

    @Override
    public void close() {
        service.close();
    }
}
