package kvit.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import kvit.identity.RateLimits.Limit;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Limits how often one person may find out who is a customer, by whatever operation tells: by
 * asking for people, and by naming phones and handles that are nobody's as payees.
 */
@ApplicationScoped
public class LookUps {

    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int REMEMBERED_MAX = 10_000;

    private final RateLimits limits;
    private final Limit limit;
    private final Clock clock;

    /** Who has none left, until when; so that whoever names real people never waits for a count. */
    private final Cache<UUID, Instant> exhausted =
            Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).build();

    LookUps(RateLimits limits, IdentityConfig config, Clock clock) {
        this.limits = limits;
        this.limit = new Limit(config.lookUpsPerMinute(), PERIOD);
        this.clock = clock;
    }

    /**
     * Counts one, before it is answered.
     *
     * @throws Problem TOO_MANY_REQUESTS
     */
    void take(UUID customer) {
        limits.take(bucket(customer), 1, limit)
                .ifPresent(
                        wait -> {
                            throw tooMany(wait);
                        });
    }

    /**
     * Refuses somebody who has guessed too often.
     *
     * @throws Problem TOO_MANY_REQUESTS
     */
    public void requireLeft(UUID customer) {
        var until = exhausted.getIfPresent(customer);
        var now = clock.instant();
        if (until != null && now.isBefore(until)) {
            throw tooMany(Duration.between(now, until));
        }
    }

    /** Counts a guess that was answered. */
    public void missed(UUID customer) {
        limits.take(bucket(customer), 1, limit)
                .ifPresent(wait -> exhausted.put(customer, clock.instant().plus(wait)));
    }

    private static String bucket(UUID customer) {
        return "look-up:" + customer;
    }

    private static Problem tooMany(Duration wait) {
        return GeneralProblem.TOO_MANY_REQUESTS
                .because("You look up more people than anybody knows.")
                .retryAfter(wait);
    }
}
