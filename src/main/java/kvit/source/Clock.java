package kvit.source;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What time it is, for everything that Kvit decides or writes.
 *
 * <p>Counted in microseconds, because PostgreSQL is: a time that was written is the time that is
 * read. Only the sandbox sets it forward.
 */
public class Clock implements InstantSource {

    private final InstantSource origin;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    public Clock(InstantSource origin) {
        this.origin = origin;
    }

    @Override
    public Instant instant() {
        return origin.instant().plus(ahead.get()).truncatedTo(ChronoUnit.MICROS);
    }

    /** The world's time, for what others compare with clocks of their own. */
    public Instant worldTime() {
        return origin.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** From now on this clock is ahead of the world's by that much, or by more: never back. */
    public void runAhead(Duration by) {
        ahead.accumulateAndGet(by, (before, now) -> now.compareTo(before) > 0 ? now : before);
    }
}
