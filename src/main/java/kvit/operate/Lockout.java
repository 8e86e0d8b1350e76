package kvit.operate;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How failures in a row become a lock: each beyond the allowed ones locks for twice as long as the
 * one before.
 */
record Lockout(int allowed, Duration first, Duration longest) {

    /** Until when, after so many failures of which this is the last; null while there is none. */
    @Nullable Instant after(int failures, Instant now) {
        if (failures < allowed) {
            return null;
        }
        var lock = first.multipliedBy(1L << Math.min(failures - allowed, 20));
        return now.plus(lock.compareTo(longest) < 0 ? lock : longest);
    }
}
