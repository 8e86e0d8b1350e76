package kvit.card;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.source.Clock;

/**
 * Gives up enrolments that nobody has finished, and destroys their numbers. Runs on every replica;
 * each takes what no other is at.
 */
@ApplicationScoped
class ExpireEnrolments {

    private static final int PORTION = 200;
    private static final String ABANDONED = "abandoned";

    private final CardStore store;
    private final MoneyTransactions transactions;
    private final Outbox outbox;
    private final CardConfig config;
    private final Clock clock;

    ExpireEnrolments(
            CardStore store,
            MoneyTransactions transactions,
            Outbox outbox,
            CardConfig config,
            Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        while (transactions.once(this::expireDue) == PORTION) {
            Thread.onSpinWait();
        }
    }

    private int expireDue() {
        var now = clock.instant();
        var abandoned = store.lockAbandoned(now.minus(config.enrolmentLife()), PORTION);
        abandoned.forEach(it -> store.ended(it.become(CardState.EXPIRED), ABANDONED, now));
        outbox.add(
                abandoned.stream()
                        .map(it -> new CardRemoved(it.id(), it.customer(), ABANDONED, now))
                        .toList());
        return abandoned.size();
    }
}
