package kvit.rules;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kvit.source.Clock;

/**
 * The rules in memory: the set that is in effect, and those that will be.
 *
 * <p>A set takes effect some seconds after it was published, at the same moment everywhere. Until
 * then every replica has found it, or has noticed that it has not looked for too long and looks
 * before it decides: nobody decides by a set whose time is over.
 */
@ApplicationScoped
class RuleSets {

    /** From publication until a set takes effect. */
    static final Duration LEAD = Duration.ofSeconds(4);

    /** After this, look before deciding; less than the lead, so that no set is ever missed. */
    private static final Duration TRUSTED = Duration.ofSeconds(3);

    private static final RuleSet NONE = new RuleSet(0, List.of());

    /**
     * A set and when it begins to decide.
     *
     * @param effectiveAt by the clock of whoever published it
     */
    record Edition(long version, Instant effectiveAt) {}

    private record Loaded(Edition edition, RuleSet rules) {}

    /** As of when, by this machine's clock that only counts and by the one that says the time. */
    private record Memory(List<Loaded> sets, long counted, Instant lookedAt) {

        boolean isTrustedAt(long count, Instant now) {
            return count - counted < TRUSTED.toNanos() && now.isBefore(lookedAt.plus(TRUSTED));
        }
    }

    private final RuleStore store;
    private final Clock clock;
    private final ObjectMapper json;
    private volatile Memory memory = new Memory(List.of(), System.nanoTime(), Instant.EPOCH);

    RuleSets(RuleStore store, Clock clock, ObjectMapper json) {
        this.store = store;
        this.clock = clock;
        this.json = json;
    }

    /** Before the first request: without any set everybody is refused. */
    void start(@Observes @Priority(2) StartupEvent event) throws IOException {
        if (store.newestVersion() == 0) {
            try (var seed = RuleSets.class.getResourceAsStream("/kvit-rules.json")) {
                store.publishFirst(json.readValue(seed, Seed.class).all(), clock.instant());
            }
        }
        refresh();
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void refresh() {
        look();
    }

    /** The set that decides what happens now. */
    RuleSet inEffect() {
        var known = memory;
        if (!known.isTrustedAt(System.nanoTime(), clock.instant())) {
            known = look();
        }
        // What is remembered begins with the set that was in effect when somebody looked.
        var now = later(clock.instant(), known.lookedAt());
        var inEffect = NONE;
        for (var loaded : known.sets()) {
            if (!loaded.edition().effectiveAt().isAfter(now)) {
                inEffect = loaded.rules();
            }
        }
        return inEffect;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** The rules as they were known in a set of the past. */
    RuleSet version(long version) {
        return store.load(version);
    }

    /**
     * Nobody waits for another one's query: whoever did so with a connection in hand would keep it
     * from whoever looks. Of two who look at once the one that began later is remembered.
     */
    private Memory look() {
        // Before the query: what is published while it runs is found by the next one, in time.
        var counted = System.nanoTime();
        var lookedAt = clock.instant();
        var loaded =
                store.editionsSince(lookedAt).stream()
                        .map(
                                it ->
                                        loaded(it)
                                                .orElseGet(
                                                        () ->
                                                                new Loaded(
                                                                        it,
                                                                        store.load(it.version()))))
                        .toList();
        return remember(new Memory(loaded, counted, lookedAt));
    }

    private synchronized Memory remember(Memory looked) {
        if (looked.counted() - memory.counted() >= 0) {
            memory = looked;
        }
        return memory;
    }

    private Optional<Loaded> loaded(Edition edition) {
        return memory.sets().stream().filter(it -> it.edition().equals(edition)).findFirst();
    }
}
