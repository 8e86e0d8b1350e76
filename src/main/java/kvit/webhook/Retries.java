package kvit.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When to try again. The steps are those that Standard Webhooks recommends: ten attempts within
 * three days, so that a receiver who is away over a weekend misses nothing.
 */
final class Retries {

    /**
     * What is waited after the first attempt, the second, and so on; 75 hours and 35 minutes in
     * all.
     */
    static final List<Duration> STEPS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10),
                    Duration.ofHours(14),
                    Duration.ofHours(20),
                    Duration.ofHours(24));

    /**
     * Part of each step that is added at random, so that what failed together does not return so.
     */
    static final double JITTER_MAX = 0.2;

    /** A receiver may ask for patience, and not for a week of it. */
    static final Duration ASKED_MAX = Duration.ofHours(24);

    /** So many failures in a row, and an endpoint is asked by one call at a time. */
    static final int FAILING = 5;

    /**
     * Whoever has taken nothing for so long was away, and is sent what waits as soon as it is back.
     */
    static final Duration AWAY = Duration.ofMinutes(5);

    private static final Duration QUIET_FIRST = Duration.ofSeconds(5);
    private static final Duration QUIET_MAX = Duration.ofMinutes(5);

    /** One endpoint's wish for patience holds up all its customers, so it is met for less long. */
    private static final Duration QUIET_ASKED_MAX = Duration.ofHours(1);

    private Retries() {}

    /**
     * How long to wait after so many attempts; empty when there were enough.
     *
     * @param asked what the receiver wants to be waited at least
     * @param chance 0 to 1
     */
    static Optional<Duration> after(int attempts, Duration asked, double chance) {
        if (attempts > STEPS.size()) {
            return Optional.empty();
        }
        var step = STEPS.get(attempts - 1);
        var jitter = Duration.ofMillis((long) (step.toMillis() * JITTER_MAX * chance));
        return Optional.of(longer(step.plus(jitter), shorter(asked, ASKED_MAX)));
    }

    /**
     * How long to leave the whole endpoint alone.
     *
     * @param failures in a row
     * @param slowDown whether it has said that it cannot cope
     * @param asked as with {@link #after}
     */
    static Duration quiet(int failures, boolean slowDown, Duration asked) {
        var wait = Duration.ZERO;
        if (failures >= FAILING) {
            wait =
                    shorter(
                            QUIET_FIRST.multipliedBy(1L << Math.min(failures - FAILING, 10)),
                            QUIET_MAX);
        }
        if (slowDown) {
            wait = longer(longer(wait, QUIET_FIRST), shorter(asked, QUIET_ASKED_MAX));
        }
        return wait;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
