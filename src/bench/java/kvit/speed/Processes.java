package kvit.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the kernel knows of a service and of its PostgreSQL; nothing where there is no /proc. */
final class Processes {

    /**
     * Time that processors have worked, in user space and in the kernel, since the processes began.
     *
     * @param service seconds
     * @param postgres seconds, of all of the server's processes, also of those that have ended
     */
    record Cpu(double service, double postgres) {

        Cpu minus(Cpu before) {
            return new Cpu(service - before.service, postgres - before.postgres);
        }

        Cpu plus(Cpu more) {
            return new Cpu(service + more.service, postgres + more.postgres);
        }
    }

    private static final Path PROC = Path.of("/proc");

    /** USER_HZ is 100 on every Linux there is. */
    private static final double TICKS = 100;

    private static final double KB_PER_MB = 1_024;

    // Of /proc/PID/stat, counted behind the name of the program.
    private static final int PARENT = 1;
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int UTIME_OF_ENDED_CHILDREN = 13;
    private static final int STIME_OF_ENDED_CHILDREN = 14;

    private final long service;
    private final long postmaster;

    Processes(long service, long postmaster) {
        this.service = service;
        this.postmaster = postmaster;
    }

    Cpu cpu() {
        var server = stat(postmaster);
        var postgres =
                ticks(server, UTIME, STIME)
                        + ticks(server, UTIME_OF_ENDED_CHILDREN, STIME_OF_ENDED_CHILDREN);
        for (var child : children()) {
            postgres += ticks(child, UTIME, STIME);
        }
        return new Cpu(ticks(stat(service), UTIME, STIME) / TICKS, postgres / TICKS);
    }

    private static double ticks(Optional<String[]> stat, int user, int system) {
        return stat.map(it -> ticks(it, user, system)).orElse(Double.NaN);
    }

    private static double ticks(String[] stat, int user, int system) {
        return Long.parseLong(stat[user]) + (double) Long.parseLong(stat[system]);
    }

    private List<String[]> children() {
        if (!Files.exists(PROC)) {
            return List.of();
        }
        try (var all = Files.list(PROC)) {
            return all.map(it -> it.getFileName().toString())
                    .filter(it -> it.matches("[0-9]+"))
                    .flatMap(it -> stat(Long.parseLong(it)).stream())
                    .filter(it -> it[PARENT].equals(String.valueOf(postmaster)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The numbers of a process; empty where it has ended. */
    private static Optional<String[]> stat(long pid) {
        try {
            var text = Files.readString(PROC.resolve(String.valueOf(pid)).resolve("stat"));
            return Optional.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Megabytes (2^20 bytes) of memory that the service has now. */
    double memory() {
        return memory("VmRSS:");
    }

    /** The most that it has ever had. */
    double memoryAtMost() {
        return memory("VmHWM:");
    }

    private double memory(String field) {
        try (var lines = Files.lines(PROC.resolve(String.valueOf(service)).resolve("status"))) {
            return lines.filter(it -> it.startsWith(field))
                    .map(it -> Arrays.asList(it.split("\\s+")).get(1))
                    .mapToDouble(it -> Long.parseLong(it) / KB_PER_MB)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
