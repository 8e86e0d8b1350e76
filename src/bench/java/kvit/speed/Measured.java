package kvit.speed;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What one load came to.
 *
 * @param seconds how long was measured
 * @param answers that came within that time, by status
 * @param latencies of what was to be sent within that time, whenever it was answered; by status, in
 *     microseconds
 * @param bySecond the same by the second of sending, all statuses but refusals for want of room
 * @param errors answers that nobody expected, and connections that broke, in the whole run
 * @param samples some of the errors
 * @param unanswered requests that have no answer yet, at the end of all patience
 * @param overrun whether arrivals waited for a connection in such numbers that the run was ended
 */
record Measured(
        double seconds,
        SortedMap<Integer, Long> answers,
        Map<Integer, Histogram> latencies,
        List<Histogram> bySecond,
        long errors,
        List<String> samples,
        long unanswered,
        boolean overrun) {

    long answersWith(int status) {
        return answers.getOrDefault(status, 0L);
    }

    /** Answers with that status per second. */
    double rateOf(int status) {
        return answersWith(status) / seconds;
    }

    double rateOfAll() {
        return answers.values().stream().mapToLong(Long::longValue).sum() / seconds;
    }

    /** Of all answers that are no refusals for want of room. */
    Histogram latency() {
        var all = new Histogram(Tally.DIGITS);
        latencies.forEach(
                (status, latency) -> {
                    if (status != Tally.TURNED_AWAY) {
                        all.add(latency);
                    }
                });
        return all;
    }

    Histogram latencyOf(int status) {
        return latencies.getOrDefault(status, new Histogram(Tally.DIGITS));
    }

    /**
     * What 99 of 100 stayed within, in each second, from the best one to the worst; in
     * microseconds.
     */
    List<Long> p99BySecond() {
        return bySecond.stream()
                .filter(it -> it.getTotalCount() > 0)
                .map(it -> it.getValueAtPercentile(99))
                .sorted()
                .toList();
    }

    /** Several measurements of the same as one. */
    static Measured together(List<Measured> parts) {
        var answers = new TreeMap<Integer, Long>();
        var latencies = new TreeMap<Integer, Histogram>();
        for (var part : parts) {
            part.answers.forEach((status, number) -> answers.merge(status, number, Long::sum));
            part.latencies.forEach(
                    (status, latency) ->
                            latencies
                                    .computeIfAbsent(status, it -> new Histogram(Tally.DIGITS))
                                    .add(latency));
        }
        return new Measured(
                parts.stream().mapToDouble(Measured::seconds).sum(),
                answers,
                latencies,
                parts.stream().flatMap(it -> it.bySecond.stream()).toList(),
                parts.stream().mapToLong(Measured::errors).sum(),
                parts.stream().flatMap(it -> it.samples.stream()).toList(),
                parts.stream().mapToLong(Measured::unanswered).sum(),
                parts.stream().anyMatch(Measured::overrun));
    }
}
