package kvit.card;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import kvit.ledger.MoneyTransactions;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/**
 * Finds out what became of top-ups whose end nobody heard, and never sends one: a card is charged
 * while its owner waits for it, or not at all. Runs on every replica; each takes what no other is
 * at.
 */
@ApplicationScoped
class ResolveTopUps {

    private static final Logger LOG = Logger.getLogger(ResolveTopUps.class);

    /** Of one that never reached the processor. */
    static final String NOT_CARRIED_OUT = "not_carried_out";

    private static final int PORTION = 10;

    /** Longer than all calls of a portion may take together. */
    private static final Duration LEASE = Duration.ofSeconds(20L * PORTION);

    private final TopUpStore store;
    private final TopUpSettlement settlement;
    private final CardProcessor processor;
    private final MoneyTransactions transactions;
    private final TopUpConfig config;
    private final Clock clock;

    ResolveTopUps(
            TopUpStore store,
            TopUpSettlement settlement,
            CardProcessor processor,
            MoneyTransactions transactions,
            TopUpConfig config,
            Clock clock) {
        this.store = store;
        this.settlement = settlement;
        this.processor = processor;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        while (resolveDue() == PORTION) {
            Thread.onSpinWait();
        }
    }

    /** Says how many were due: a whole portion may have left some. */
    int resolveDue() {
        var due =
                transactions.once(
                        () -> {
                            var now = clock.instant();
                            return store.claimDue(now, now.plus(LEASE), PORTION);
                        });
        due.forEach(this::resolve);
        return due.size();
    }

    void resolve(TopUp topUp) {
        try {
            var askedAt = clock.instant();
            var result = processor.find(topUp.charge());
            transactions.keyed(() -> settle(topUp, result, askedAt));
        } catch (RuntimeException e) {
            // One that cannot be settled must not keep the others; its lease ends, and it is due.
            LOG.errorf(e, "what became of top-up %s cannot be told", topUp.id());
        }
    }

    private TopUp settle(TopUp asked, Result result, Instant askedAt) {
        var stored = store.lock(asked.customer(), asked.id()).orElseThrow();
        var topUp = stored.topUp();
        if (topUp.isPending() && isNeverToCome(topUp, result, askedAt)) {
            return settlement.decline(topUp, NOT_CARRIED_OUT);
        }
        var settled = settlement.settle(topUp, result);
        if (settled.isPending()) {
            store.update(settled, clock.instant().plus(wait(stored.asked())));
        }
        return settled;
    }

    /** By what is known under lock: it may have been sent since the processor was asked. */
    private static boolean isNeverToCome(TopUp topUp, Result result, Instant askedAt) {
        var sentAt = topUp.sentAt();
        return result instanceof Result.NotFound
                && (sentAt == null || !askedAt.isBefore(sentAt.plus(CardProcessor.ARRIVES_WITHIN)));
    }

    private Duration wait(int asked) {
        var wait = config.askFirst().multipliedBy(1L << Math.min(asked, 20));
        return wait.compareTo(config.askMax()) < 0 ? wait : config.askMax();
    }
}
