package kvit.source;

import com.github.f4b6a3.uuid.UuidCreator;
import com.github.f4b6a3.uuid.util.UuidUtil;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/**
 * New ids: UUIDs of version 7 (RFC 9562), which begin with the time. Neighbours in time are
 * neighbours in every index, and the newest come last by id.
 */
@Singleton
public class Ids {

    private final Clock clock;

    Ids(Clock clock) {
        this.clock = clock;
    }

    /** For tests that count on a clock of their own. */
    public static Ids at(InstantSource clock) {
        return new Ids(new Clock(clock));
    }

    public UUID next() {
        return UuidCreator.getTimeOrderedEpoch(clock.instant());
    }

    /** Below every id that was made since then, and above those that were made before. */
    public static UUID floor(Instant since) {
        return UuidCreator.getTimeOrderedEpochMin(since);
    }

    /** When an id was made that {@link #next} has made. */
    public static Instant time(UUID id) {
        return UuidUtil.getInstant(id);
    }

    /** Always the same id for the same name in the same space, RFC 9562 version 5. */
    public static UUID named(UUID space, String name) {
        return UuidCreator.getNameBasedSha1(space, name);
    }
}
