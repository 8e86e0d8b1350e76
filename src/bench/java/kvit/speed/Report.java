package kvit.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The figures as people read them, in Markdown. */
final class Report {

    private static final double MICROS_PER_MILLI = 1_000;

    static final String HEADING =
            """
            | scenario | transfers/s | answers/s | p50 ms | p95 ms | p99 ms | max ms | answers by status \
            | service, CPU µs a transfer | PostgreSQL, CPU µs a transfer | RSS MB, highest |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;

    private final Path file;
    private final StringBuilder text = new StringBuilder();

    /**
     * @param name of the file, below target
     */
    Report(String name) {
        file = Path.of("target", name + ".md");
    }

    void add(String part) {
        text.append(part).append('\n');
    }

    /** Into the file, and where whoever waits for it sees it. */
    void write() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        System.out.println(text);
    }

    static String table(List<Figures> lines) {
        return HEADING + lines.stream().map(it -> line(it) + "\n").collect(Collectors.joining());
    }

    static String line(Figures figures) {
        var measured = figures.measured();
        var latency = measured.latency();
        return format(
                "| %s | %.0f | %.0f | %s | %s | %s | %s | %s | %.0f | %.0f | %.0f, %.0f |",
                figures.scenario() + (measured.overrun() ? " (could not keep up: ended)" : ""),
                figures.transfers(),
                measured.rateOfAll(),
                millis(latency, 50),
                millis(latency, 95),
                millis(latency, 99),
                millis(latency, 100),
                statuses(measured),
                figures.serviceCpu(),
                figures.postgresCpu(),
                figures.memory(),
                figures.memoryAtMost());
    }

    static double inMillis(Histogram latency, double percentile) {
        return latency.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }

    private static String millis(Histogram latency, double percentile) {
        return format("%.1f", inMillis(latency, percentile));
    }

    private static String statuses(Measured measured) {
        var statuses =
                measured.answers().entrySet().stream()
                        .map(it -> it.getKey() + ": " + it.getValue())
                        .collect(Collectors.joining(", "));
        return measured.errors() + measured.unanswered() == 0
                ? statuses
                : format(
                        "%s; errors: %d, unanswered: %d",
                        statuses, measured.errors(), measured.unanswered());
    }

    /** Numbers look the same on every machine. */
    static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
