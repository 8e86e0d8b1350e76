package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Lets nobody try cards: whoever has a list of stolen ones wants to know which are good.
 *
 * <p>What is counted are the keys that were taken, which are kept anyway, in the transaction that
 * takes one: nothing of a number is told, and no processor asked, without such a row. So a
 * repetition costs nothing, however many come at once, which a counter beside it could not tell
 * apart.
 */
@ApplicationScoped
class EnrolmentLimits {

    private static final Duration DAY = Duration.ofDays(1);

    private final EnrolmentStore store;
    private final CardConfig config;
    private final Clock clock;

    EnrolmentLimits(EnrolmentStore store, CardConfig config, Clock clock) {
        this.store = store;
        this.config = config;
        this.clock = clock;
    }

    /**
     * To be asked before a key is taken, in the same transaction, by one after another of a
     * customer's requests.
     *
     * @throws Problem TOO_MANY_REQUESTS with the time to wait
     */
    void require(UUID customer) {
        require(customer, config.attemptsPerDay(), DAY);
        require(customer, config.attemptsAtOnce(), config.attemptsAtOnceWithin());
    }

    private void require(UUID customer, int most, Duration period) {
        var now = clock.instant();
        store.lastButFor(customer, most - 1)
                .map(it -> Duration.between(now, it.plus(period)))
                .filter(it -> it.compareTo(Duration.ZERO) > 0)
                .ifPresent(
                        wait -> {
                            throw GeneralProblem.TOO_MANY_REQUESTS
                                    .because("You have tried too many cards; wait a while.")
                                    .retryAfter(wait);
                        });
    }
}
