package kvit.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.throttle.RateLimits;
import kvit.throttle.RateLimits.Limit;
import org.jboss.logging.Logger;

/**
 * Limits how often one person may find out who is a customer, by whatever operation tells: by
 * asking for people, by quotes, and by transfers to a phone or a handle that move nothing.
 */
@ApplicationScoped
public class LookUps {

    private static final Logger LOG = Logger.getLogger(LookUps.class);
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
    public void take(UUID customer) {
        take(customer, 1);
    }

    /**
     * Counts so many, of which all are answered or none.
     *
     * @throws Problem TOO_MANY_REQUESTS
     */
    public void take(UUID customer, int lookedUp) {
        limits.take(bucket(customer), lookedUp, limit)
                .ifPresent(
                        wait -> {
                            throw tooMany(wait);
                        });
    }

    /**
     * How long somebody who has none left has to wait; empty for everybody else. From memory: each
     * replica learns it by the first count that fails.
     */
    public Optional<Duration> blockedFor(UUID customer) {
        var now = clock.instant();
        return Optional.ofNullable(exhausted.getIfPresent(customer))
                .filter(now::isBefore)
                .map(until -> Duration.between(now, until));
    }

    /** Counts one that was answered already; that it could not be counted changes no answer. */
    public void note(UUID customer) {
        try {
            limits.take(bucket(customer), 1, limit)
                    .ifPresent(wait -> exhausted.put(customer, clock.instant().plus(wait)));
        } catch (RuntimeException e) {
            LOG.warnf("a look-up was not counted: %s", e);
        }
    }

    public static Problem tooMany(Duration wait) {
        return GeneralProblem.TOO_MANY_REQUESTS
                .because("You look up more people than anybody knows.")
                .retryAfter(wait);
    }

    private static String bucket(UUID customer) {
        return "look-up:" + customer;
    }
}
