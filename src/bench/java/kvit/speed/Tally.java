package kvit.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts the answers of one run, as they come. */
final class Tally {

    static final int TURNED_AWAY = 503;

    /** Of latencies, that count. */
    static final int DIGITS = 3;

    private static final int STATUS_MAX = 600;
    private static final int SAMPLES_MAX = 5;
    private static final long LONGEST = TimeUnit.MINUTES.toMicros(5);

    private final long opensAt;
    private final long closesAt;
    private final boolean mayTurnAway;
    private final long[] answers = new long[STATUS_MAX];
    private final Histogram[] latencies = new Histogram[STATUS_MAX];

    /** By the second in which they were intended; without those who were turned away. */
    private final List<Histogram> seconds = new ArrayList<>();

    private final List<String> samples = new ArrayList<>();
    private long errors;
    private long unanswered;

    /** Counts what is answered, and measures what is intended, between two moments. */
    Tally(long opensAt, long closesAt, boolean mayTurnAway) {
        this.opensAt = opensAt;
        this.closesAt = closesAt;
        this.mayTurnAway = mayTurnAway;
    }

    boolean isExpected(Exchange exchange) {
        return exchange.isAsExpected() || (mayTurnAway && exchange.status == TURNED_AWAY);
    }

    void answered(Exchange exchange, long now) {
        if (isWithin(now)) {
            answers[exchange.status]++;
        }
        if (isWithin(exchange.intendedAt)) {
            record(exchange, now - exchange.intendedAt);
        }
        if (!isExpected(exchange)) {
            failed(
                    "%s answered with %d%s: %s"
                            .formatted(
                                    exchange.kind,
                                    exchange.status,
                                    exchange.replayed ? ", replayed" : "",
                                    exchange.text));
        }
    }

    private boolean isWithin(long moment) {
        return moment - opensAt >= 0 && moment - closesAt < 0;
    }

    private void record(Exchange exchange, long nanos) {
        var status = exchange.status;
        if (latencies[status] == null) {
            latencies[status] = new Histogram(LONGEST, DIGITS);
        }
        var micros = Math.min(LONGEST, TimeUnit.NANOSECONDS.toMicros(nanos));
        latencies[status].recordValue(micros);
        if (status != TURNED_AWAY) {
            second((int) TimeUnit.NANOSECONDS.toSeconds(exchange.intendedAt - opensAt))
                    .recordValue(micros);
        }
    }

    private Histogram second(int number) {
        while (seconds.size() <= number) {
            seconds.add(new Histogram(LONGEST, DIGITS));
        }
        return seconds.get(number);
    }

    void failed(String what) {
        errors++;
        if (samples.size() < SAMPLES_MAX) {
            samples.add(what);
        }
    }

    void unanswered() {
        unanswered++;
    }

    /**
     * @param endedAt the last answer, where the run ended before its time
     */
    Measured measured(long endedAt, boolean overrun) {
        var byStatus = new TreeMap<Integer, Long>();
        Map<Integer, Histogram> latencyByStatus = new TreeMap<>();
        for (var status = 0; status < STATUS_MAX; status++) {
            if (answers[status] > 0) {
                byStatus.put(status, answers[status]);
            }
            if (latencies[status] != null) {
                latencyByStatus.put(status, latencies[status]);
            }
        }
        var until = endedAt - closesAt < 0 ? endedAt : closesAt;
        return new Measured(
                Math.max(1, until - opensAt) / (double) TimeUnit.SECONDS.toNanos(1),
                byStatus,
                latencyByStatus,
                List.copyOf(seconds),
                errors,
                List.copyOf(samples),
                unanswered,
                overrun);
    }
}
