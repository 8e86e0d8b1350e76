package kvit.rules;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import kvit.money.Currency;
import kvit.money.Money;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** How long one side of a transfer takes to decide, with so many rules in the set. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RuleSetBenchmark {

    /** The seed alone has 320; the rest are prohibitions that fit nobody but have to be asked. */
    @Param({"320", "5000"})
    int rules;

    private RuleSet set;
    private Facts facts;

    /** Runs it, with what is allocated per decision. */
    public static void main(String... args) throws RunnerException {
        new Runner(
                        new OptionsBuilder()
                                .include(RuleSetBenchmark.class.getSimpleName())
                                .addProfiler("gc")
                                .build())
                .run();
    }

    @Setup
    public void load() throws IOException {
        try (var json = RuleSet.class.getResourceAsStream("/kvit-rules.json")) {
            var all =
                    new ArrayList<>(
                            new ObjectMapper()
                                    .registerModule(new JavaTimeModule())
                                    .readValue(json, Seed.class)
                                    .all());
            var countries = new String[] {"FR", "DE", "US", "GB", "RU", "BY", "UA", "CN", "IT", "ES"};
            for (var i = 0; all.size() < rules; i++) {
                all.add(prohibition(i, countries[i % countries.length]));
            }
            set = new RuleSet(1, all);
        }
        facts =
                new Facts(
                        Operation.SEND,
                        new Party(UUID.randomUUID(), "FR", null, Tier.PHONE, "fr"),
                        "FR",
                        new Channel("web", "US", Set.of()),
                        Actor.BANK,
                        new Money(1, Currency.EUR),
                        Instant.parse("2026-11-22T12:00:00Z"));
    }

    private static Rule prohibition(int number, String country) {
        var subject =
                new Subject(
                        Set.of(),
                        Set.of(country),
                        Set.of(),
                        Set.of("platform-" + number),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of());
        return new Rule(
                "channel/" + number,
                1,
                Kind.CHANNEL,
                subject,
                Condition.NONE,
                Effect.DENY,
                Instant.EPOCH,
                null,
                ZoneId.of("UTC"),
                "none",
                Map.of("en", "No.", "fr", "Non.", "ru", "Нет."));
    }

    @Benchmark
    public Verdict decide() {
        return set.decide(facts);
    }
}
