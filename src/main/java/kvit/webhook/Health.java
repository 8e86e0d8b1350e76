package kvit.webhook;

import java.time.Instant;
import java.util.List;
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

    /**
     * What it is after calls that were under way together. What fails at once fails for one reason:
     * whoever was away for a moment is asked again as soon as one that has failed just so often.
     */
    Health after(List<Answer> together, Instant now) {
        var most = Math.max(Retries.FAILING, failures + 1);
        var health = this;
        for (var answer : together) {
            health = health.after(answer, now, most);
        }
        return health;
    }

    private Health after(Answer answer, Instant now, int most) {
        if (answer.isDelivered()) {
            // Patience that was asked for a moment ago is had, whatever was under way by then.
            return new Health(0, null, quietUntil);
        }
        var failed = Math.min(failures + 1, most);
        var quiet = Retries.quiet(failed, answer.slowsDown(), answer.asked());
        return new Health(
                failed,
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
