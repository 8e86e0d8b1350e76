package kvit.topup;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import kvit.card.CardProcessor;
import kvit.card.Result;
import kvit.ledger.MoneyTransactions;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/**
 * Gives charges back that could not become money here: the card was charged after its top-up had
 * been given up, or the money has no place; of those the books hear neither the one nor the other.
 * And those that were for a transfer that came to nothing, which {@link ReturningMoney} has taken
 * out of the wallet. A refund is sent as often as it takes, under its one id. Runs on every
 * replica; each takes what no other is at.
 */
@ApplicationScoped
class ReturnCharges {

    private static final Logger LOG = Logger.getLogger(ReturnCharges.class);

    private static final String METRIC = "kvit.charges.returned";

    private static final int PORTION = 10;

    /** Longer than all calls of a portion may take together. */
    private static final Duration LEASE = Duration.ofSeconds(20L * PORTION);

    private final ChargeReturnStore store;
    private final ReturningMoney returning;
    private final CardProcessor processor;
    private final MoneyTransactions transactions;
    private final TopUpConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;

    ReturnCharges(
            ChargeReturnStore store,
            ReturningMoney returning,
            CardProcessor processor,
            MoneyTransactions transactions,
            TopUpConfig config,
            MeterRegistry metrics,
            Clock clock) {
        this.store = store;
        this.returning = returning;
        this.processor = processor;
        this.transactions = transactions;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        while (returnDue() == PORTION) {
            Thread.onSpinWait();
        }
    }

    /** Says how many were due: a whole portion may have left some. */
    int returnDue() {
        var due =
                transactions.once(
                        () -> {
                            var now = clock.instant();
                            return store.claimDue(now, now.plus(LEASE), PORTION);
                        });
        due.forEach(this::giveBack);
        return due.size();
    }

    void giveBack(ChargeReturn charge) {
        try {
            // One that it has taken is asked about: sent again, it would say what it said at first.
            var result =
                    charge.refundName() == null
                            ? processor.carryOut(charge.refund())
                            : processor.find(charge.refund());
            var outcome = transactions.keyed(() -> settle(charge, result));
            if (!outcome.isEmpty()) {
                metrics.counter(METRIC, "outcome", outcome).increment();
            }
        } catch (RuntimeException e) {
            // One that cannot be given back must not keep the others; its lease ends, and it is
            // due.
            LOG.errorf(e, "the charge of top-up %s is not given back yet", charge.topUp());
        }
    }

    /** What it has come to just now; empty while it has come to nothing. */
    private String settle(ChargeReturn asked, Result result) {
        var known = store.lockPending(asked).orElse(null);
        if (known == null) {
            return "";
        }
        if (result instanceof Result.Done done) {
            store.returned(known, done.name(), clock.instant());
            LOG.infof("the charge of top-up %s was given back", known.topUp());
            return "returned";
        }
        if (result instanceof Result.Declined declined) {
            store.failed(known, declined.code(), clock.instant());
            returning.putBack(known.customer(), known.topUp(), known.createdAt());
            LOG.errorf(
                    "the charge %s of top-up %s cannot be given back: %s",
                    known.charge(), known.topUp(), declined.code());
            return "failed";
        }
        var dueAt = clock.instant().plus(TopUpConfig.wait(config, known.asked()));
        if (result instanceof Result.NotSent && known.asked() == 1) {
            // Nobody has heard of it yet, so it may still be given up where it is contested.
            store.unasked(known, dueAt);
        } else {
            store.askAgain(named(known, result), dueAt);
        }
        return "";
    }

    private static ChargeReturn named(ChargeReturn known, Result result) {
        var name = result instanceof Result.Pending pending ? pending.name() : known.refundName();
        return new ChargeReturn(
                known.topUp(),
                known.customer(),
                known.charge(),
                known.amount(),
                name,
                known.createdAt(),
                known.asked());
    }
}
