package kvit.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What a JVM that was killed leaves running. A process is ours if the program that it runs lies in
 * our own folder, and never because a file mentions its number: numbers are used again.
 */
final class Orphans {
    private static final Logger LOG = Logger.getLogger(Orphans.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(30);
    private static final Duration DIE_WITHIN = Duration.ofSeconds(10);

    private Orphans() {}

    /** Afterwards nothing runs from this directory any more. Whoever calls this holds its lock. */
    static void stop(Path directory) throws IOException {
        Path real = directory.toRealPath();
        Path pidFile = real.resolve("data").resolve("postmaster.pid");
        Optional<ProcessHandle> noted = process(pidFile);
        List<ProcessHandle> orphans = running(real);
        if (!orphans.isEmpty()) {
            LOG.warnf("Stopping the PostgreSQL that an earlier Kvit left behind in %s", directory);
            stop(orphans, noted);
            if (!Waiting.until(() -> running(real).isEmpty(), END_WITHIN)) {
                running(real).forEach(ProcessHandle::destroyForcibly);
                if (!Waiting.until(() -> running(real).isEmpty(), DIE_WITHIN)) {
                    throw new IOException("an earlier PostgreSQL does not end");
                }
            }
        }
        // PostgreSQL itself trusts the number in the file and would refuse to start for a
        // stranger's
        // sake. A stranger that is a PostgreSQL, too, is left for it to judge.
        if (noted.flatMap(Orphans::program).filter(Orphans::isPostgres).isEmpty()) {
            Files.deleteIfExists(pidFile);
        }
    }

    private static void stop(List<ProcessHandle> orphans, Optional<ProcessHandle> noted) {
        noted.filter(orphans::contains)
                .ifPresentOrElse(
                        postmaster -> Shutdown.FAST.request(postmaster.pid()),
                        // An initdb, or backends that have lost their master.
                        () -> orphans.forEach(ProcessHandle::destroy));
    }

    private static List<ProcessHandle> running(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(
                        process ->
                                program(process)
                                        .filter(path -> path.startsWith(directory))
                                        .isPresent())
                .toList();
    }

    private static Optional<Path> program(ProcessHandle process) {
        return process.info().command().map(Path::of);
    }

    private static boolean isPostgres(Path program) {
        return program.endsWith("postgres");
    }

    private static Optional<ProcessHandle> process(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        // An empty or garbled file is what a crash of the whole machine may leave.
        return Files.readAllLines(pidFile).stream()
                .limit(1)
                .filter(line -> line.matches("[0-9]{1,9}"))
                .findFirst()
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line)));
    }
}
