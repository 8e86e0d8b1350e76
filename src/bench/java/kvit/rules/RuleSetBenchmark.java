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
import org.openjdk.jmh.infra.Blackhole;

/** How long a transfer takes to decide, both its sides, with so many rules in the set. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RuleSetBenchmark {

    private static final String[] COUNTRIES = {
        "FR", "DE", "US", "GB", "RU", "BY", "UA", "CN", "IT", "ES"
    };

    /** The seed alone has fewer than 500; the rest are prohibitions that have to be asked. */
    @Param({"500", "5000"})
    int rules;

    private RuleSet set;
    private Facts sending;
    private Facts receiving;

    @Setup
    public void load() throws IOException {
        try (var json = RuleSet.class.getResourceAsStream("/kvit-rules.json")) {
            var all =
                    new ArrayList<>(
                            new ObjectMapper()
                                    .registerModule(new JavaTimeModule())
                                    .readValue(json, Seed.class)
                                    .all());
            for (var i = 0; all.size() < rules; i++) {
                all.add(prohibition(i));
            }
            set = new RuleSet(1, all);
        }
        sending = facts(Operation.SEND, new Channel("web", "US", Set.of()));
        receiving = facts(Operation.RECEIVE, null);
        if (set.decide(sending).refusal() != null || set.decide(receiving).refusal() != null) {
            throw new IllegalStateException("a refusal is decided sooner than what is measured");
        }
    }

    private static Facts facts(Operation operation, Channel channel) {
        return new Facts(
                operation,
                new Party(new UUID(0, 1), "FR", null, Tier.PHONE, "fr"),
                "FR",
                channel,
                Actor.BANK,
                new Money(1, Currency.EUR),
                Instant.parse("2026-11-22T12:00:00Z"),
                Instrument.WALLET);
    }

    /** In a country that is served, and about something else than what is asked, by turns. */
    private static Rule prohibition(int number) {
        var country = COUNTRIES[number % COUNTRIES.length];
        return switch (number / COUNTRIES.length % 5) {
            case 0 -> prohibition(number, Kind.CHANNEL, country, Set.of("platform-" + number));
            case 1 -> prohibition(number, Kind.SANCTION, country, Set.of("platform-" + number));
            case 2 -> prohibition(number, Kind.CLOSURE, country, Set.of("platform-" + number));
            case 3 -> prohibition(number, Kind.CURRENCY, Tier.VERIFIED, Currency.EUR);
            default -> prohibition(number, Kind.INSTRUMENT, Tier.PHONE, Currency.USD);
        };
    }

    private static Rule prohibition(int number, Kind kind, String country, Set<String> platforms) {
        return prohibition(
                number,
                kind,
                new Subject(
                        Set.of(),
                        Set.of(country),
                        Set.of(),
                        platforms,
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of()));
    }

    private static Rule prohibition(int number, Kind kind, Tier tier, Currency currency) {
        return prohibition(
                number,
                kind,
                new Subject(
                        Set.of(),
                        Set.of(COUNTRIES[number % COUNTRIES.length]),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(currency),
                        Set.of(tier),
                        Set.of(),
                        Set.of()));
    }

    private static Rule prohibition(int number, Kind kind, Subject subject) {
        return new Rule(
                "made/" + number,
                1,
                kind,
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
    public void decide(Blackhole blackhole) {
        blackhole.consume(set.decide(sending));
        blackhole.consume(set.decide(receiving));
    }
}
