package kvit.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint has fared of late.
 *
 * @param failures in a row
 * @param failingSince the first of them; null where the last call has arrived
 * @param quietUntil it is not called before; null for no such time
 */
record Health(int failures, @Nullable Instant failingSince, @Nullable Instant quietUntil) {

    static Health of(Endpoint endpoint) {
        return new Health(endpoint.failures(), endpoint.failingSince(), endpoint.quietUntil());
    }

    /** What it is after one more call. */
    Health after(Answer answer, Instant now) {
        if (answer.isDelivered()) {
            // Patience that was asked for a moment ago is had, whatever was under way by then.
            return new Health(0, null, quietUntil);
        }
        var quiet = Retries.quiet(failures + 1, answer.slowsDown(), answer.asked());
        return new Health(
                failures + 1,
                failingSince == null ? now : failingSince,
                quiet.isZero() ? quietUntil : later(now.plus(quiet), quietUntil));
    }

    /**
     * Whether it was away until now: not one that serves some and refuses others, at which what it
     * refuses keeps to its times.
     */
    boolean wasAway(Instant now) {
        return failures >= Retries.FAILING
                && failingSince != null
                && !now.isBefore(failingSince.plus(Retries.AWAY));
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other == null || one.isAfter(other) ? one : other;
    }
}
