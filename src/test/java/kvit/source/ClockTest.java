package kvit.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ClockTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456789Z");

    private final Clock clock = new Clock(InstantSource.fixed(NOW));

    @Test
    void timeIsCountedInMicrosecondsAsTheDatabaseDoes() {
        assertThat(clock.instant()).isEqualTo("2026-11-21T10:00:00.123456Z");
    }

    @Test
    void itRunsAheadByWhatItIsTold() {
        clock.runAhead(Duration.ofMinutes(5));
        assertThat(clock.instant()).isEqualTo("2026-11-21T10:05:00.123456Z");

        // Of the world's time, not of its own.
        clock.runAhead(Duration.ofMinutes(6));
        assertThat(clock.instant()).isEqualTo("2026-11-21T10:06:00.123456Z");
    }

    @Test
    void itNeverGoesBack() {
        clock.runAhead(Duration.ofMinutes(5));
        clock.runAhead(Duration.ZERO);
        assertThat(clock.instant()).isEqualTo("2026-11-21T10:05:00.123456Z");
    }

    @Test
    void itsMillisecondsAreThoseOfItsInstant() {
        assertThat(clock.millis()).isEqualTo(clock.instant().toEpochMilli());
    }
}
