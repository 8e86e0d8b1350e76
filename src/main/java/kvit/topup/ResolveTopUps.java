package kvit.topup;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import kvit.card.CardProcessor;
import kvit.card.NonsenseRefused;
import kvit.card.Reason;
import kvit.card.Result;
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

    /** Of one that holds money of its payer's, and that the processor cannot be asked about. */
    static final String UNRESOLVED = "unresolved";

    /** Longer than a processor is away, and no longer than anybody should miss their money. */
    private static final Duration HOLDS_AT_MOST = Duration.ofDays(1);

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
            var result = find(topUp);
            transactions.keyed(() -> settle(topUp, result, askedAt));
        } catch (RuntimeException e) {
            // One that cannot be settled must not keep the others; its lease ends, and it is due.
            LOG.errorf(e, "what became of top-up %s cannot be told", topUp.id());
        }
    }

    /** A question that is refused is answered no better than one that is lost. */
    private Result find(TopUp topUp) {
        try {
            return processor.find(topUp.charge());
        } catch (NonsenseRefused e) {
            LOG.errorf(e, "the processor cannot be asked about top-up %s", topUp.id());
            return new Result.Unknown(Reason.UNREADABLE);
        }
    }

    private TopUp settle(TopUp asked, Result result, Instant askedAt) {
        var stored = store.lock(asked.customer(), asked.id()).orElseThrow();
        var topUp = stored.topUp();
        if (topUp.isPending() && isNeverToCome(topUp, result, askedAt)) {
            return settlement.giveUp(topUp, NOT_CARRIED_OUT);
        }
        if (topUp.isPending() && isHeldTooLong(topUp, result, askedAt)) {
            LOG.errorf("what became of top-up %s cannot be found out", topUp.id());
            return settlement.giveUp(topUp, UNRESOLVED);
        }
        var settled = settlement.settle(topUp, result);
        var later = clock.instant().plus(TopUpConfig.wait(config, stored.asked()));
        if (settled.isPending()) {
            reportOblivion(settled, result);
            store.update(settled, later);
        } else if (!asked.isPending()) {
            // It was for this that it was asked about; whoever asked before it ended knows less.
            store.lookAgain(settled, isKnown(result) ? null : later);
        }
        return settled;
    }

    /** By what is known under lock: it may have been sent since the processor was asked. */
    private static boolean isNeverToCome(TopUp topUp, Result result, Instant askedAt) {
        var sending = topUp.sending();
        return result instanceof Result.NotFound
                && topUp.name() == null
                && (sending == null
                        || !askedAt.isBefore(sending.at().plus(CardProcessor.ARRIVES_WITHIN)));
    }

    /**
     * A transfer holds what its payer's wallet is to add, also where the processor has had the
     * charge once and knows nothing of it since; a top-up holds nothing, and can wait. What was
     * charged after all is found when it is looked for again, and goes back.
     */
    private static boolean isHeldTooLong(TopUp topUp, Result result, Instant askedAt) {
        var sending = topUp.sending();
        return topUp.transfer() != null
                && (result instanceof Result.Unknown
                        || result instanceof Result.NotSent
                        || result instanceof Result.NotFound)
                && sending != null
                && askedAt.isAfter(sending.at().plus(HOLDS_AT_MOST));
    }

    /** The processor has had it once, so it is there: whatever this means, it is not that. */
    private static void reportOblivion(TopUp topUp, Result result) {
        if (result instanceof Result.NotFound && topUp.name() != null) {
            LOG.errorf("the processor knew top-up %s as %s", topUp.id(), topUp.name());
        }
    }

    private static boolean isKnown(Result result) {
        return result instanceof Result.Done
                || result instanceof Result.Declined
                || result instanceof Result.NotFound;
    }
}
