package kvit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** A transfer must not feel how many rules there are. */
class RuleSetBenchmarkIT {

    private static final double MICROSECONDS_MAX = 20;

    /** Less than the JSON of one transfer; more would be garbage that every decision leaves. */
    private static final double BYTES_MAX = 4_096;

    @Test
    void ofAHundredDecisionsNinetyNineTakeLessThanTwentyMicroseconds() throws RunnerException {
        var options =
                new OptionsBuilder()
                        .include(RuleSetBenchmark.class.getName() + "\\.")
                        .addProfiler("gc")
                        .shouldFailOnError(true)
                        .build();
        var results = new Runner(options).run();
        assertThat(results).isNotEmpty();
        for (var result : results) {
            var time = result.getPrimaryResult().getStatistics();
            var rules = result.getParams().getParam("rules");
            System.out.printf(
                    "%s rules: p50 %.2f µs, p99 %.2f µs, %.0f bytes%n",
                    rules,
                    time.getPercentile(50),
                    time.getPercentile(99),
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
            assertThat(time.getPercentile(99)).as(rules).isLessThan(MICROSECONDS_MAX);
            assertThat(result.getSecondaryResults().get("gc.alloc.rate.norm").getScore())
                    .as(rules)
                    .isLessThan(BYTES_MAX);
        }
    }
}
