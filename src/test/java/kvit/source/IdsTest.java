package kvit.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import kvit.support.Race;
import org.junit.jupiter.api.Test;

class IdsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final Ids ids = Ids.at(now::get);

    @Test
    void anIdIsAUuidOfVersionSevenThatBeginsWithTheTime() {
        var id = ids.next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void idsSortByTheirTime() {
        var made = new ArrayList<String>();
        for (var i = 0; i < 1_000; i++) {
            now.set(NOW.plusMillis(i));
            made.add(ids.next().toString());
        }

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void idsOfOneMillisecondDiffer() throws Exception {
        var made = new HashSet<UUID>();
        for (var some :
                Race.run(
                        4,
                        4,
                        () -> {
                            var mine = new ArrayList<UUID>();
                            for (var i = 0; i < 10_000; i++) {
                                mine.add(ids.next());
                            }
                            return mine;
                        })) {
            made.addAll(some);
        }

        assertThat(made).hasSize(40_000);
    }

    @Test
    void aNamedIdIsAlwaysTheSameAndDiffersBySpaceAndName() {
        var space = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

        // The example of RFC 9562, appendix A.4.
        assertThat(Ids.named(space, "www.example.com"))
                .hasToString("2ed6657d-e927-568b-95e1-2665a8aea6a2");
        assertThat(Ids.named(space, "a")).isNotEqualTo(Ids.named(space, "b"));
        assertThat(Ids.named(new UUID(0, 0), "a")).isNotEqualTo(Ids.named(space, "a"));
    }

    @Test
    void theTimeIsThatOfTheGivenClock() {
        assertThat(
                        Ids.at(InstantSource.fixed(Instant.EPOCH)).next().getMostSignificantBits()
                                >>> 16)
                .isZero();
    }
}
