package kvit.speed;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Collectors;

/** Where something was measured, for whoever compares. */
final class Machine {

    private static final double KB_PER_GB = 1_048_576;

    private Machine() {}

    /**
     * @param loadBefore the load average when the run began
     * @param settings of PostgreSQL
     */
    static String describe(double loadBefore, Map<String, String> settings) {
        return Report.format(
                "%s, %s, %d processors, %.0f GB, %s %s, %s %s, load average at the start %.2f.%n"
                        + "Service: `%s`. Generator: Netty, %s. PostgreSQL: %s.%n",
                LocalDate.now(),
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                memory(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.runtime.version"),
                loadBefore,
                Settings.flags(),
                Generator.transport(),
                settings.entrySet().stream()
                        .map(it -> it.getKey() + " " + it.getValue())
                        .collect(Collectors.joining(", ")));
    }

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static double memory() {
        var total = field("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
        return total.isEmpty() ? Double.NaN : Long.parseLong(total) / KB_PER_GB;
    }

    private static String field(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(it -> it.startsWith(name))
                    .map(it -> it.substring(it.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
