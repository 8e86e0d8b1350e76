package kvit.topup;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.card.Result;
import kvit.ledger.Ledger;
import kvit.outbox.Outbox;
import kvit.source.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings a top-up to its one end, in the transaction of whoever has it under lock: the money, the
 * state and the event are durable together, or nothing is.
 */
@ApplicationScoped
class TopUpSettlement {

    private static final Logger LOG = Logger.getLogger(TopUpSettlement.class);

    /** A machine that was put to sleep is woken up or gone by then. */
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofDays(1);

    private final TopUpStore store;
    private final ChargeReturnStore returns;
    private final TopUpRules rules;
    private final PaidTransfers transfers;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Clock clock;

    TopUpSettlement(
            TopUpStore store,
            ChargeReturnStore returns,
            TopUpRules rules,
            PaidTransfers transfers,
            Ledger ledger,
            Outbox outbox,
            Clock clock) {
        this.store = store;
        this.returns = returns;
        this.rules = rules;
        this.transfers = transfers;
        this.ledger = ledger;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Writes what the processor says. Whoever comes second changes nothing, and whatever is no fact
     * leaves it pending.
     *
     * <p>Nobody is asked again whether it may be: the card was charged, so the money is the
     * customer's, frozen or not.
     *
     * @return how it stands
     */
    TopUp settle(TopUp topUp, Result result) {
        if (!topUp.isPending()) {
            contradicted(topUp, result);
            return topUp;
        }
        if (result instanceof Result.Done done) {
            return complete(topUp, done.name());
        }
        if (result instanceof Result.Declined declined) {
            return decline(topUp, declined.code());
        }
        return result instanceof Result.Pending pending ? topUp.named(pending.name()) : topUp;
    }

    private TopUp complete(TopUp topUp, String name) {
        if (topUp.transfer() != null) {
            return payFor(topUp.transfer(), topUp, name);
        }
        var count = rules.counting(topUp);
        var outcome = ledger.post(List.of(topUp.posting(clock.instant()))).get(0);
        if (outcome.refusal() != null) {
            var declined = decline(topUp.named(name), outcome.refusal().type().code());
            giveBack(declined, name);
            return declined;
        }
        count.add(List.of(topUp.tally()), topUp.id(), topUp.amount(), outcome.at());
        count.write();
        var completed = topUp.completed(name, outcome.at());
        store.update(completed, null);
        outbox.add(
                List.of(
                        new TopUpCompleted(
                                topUp.id(),
                                topUp.customer(),
                                topUp.card(),
                                topUp.amount(),
                                outcome.at())));
        return completed;
    }

    /** The money comes in with the transfer that it is for, or goes back. */
    private TopUp payFor(UUID transfer, TopUp topUp, String name) {
        var now = clock.instant();
        var refusal = transfers.charged(transfer, topUp.posting(now));
        if (refusal == null) {
            var completed = topUp.completed(name, now);
            store.update(completed, null);
            return completed;
        }
        var declined = topUp.named(name).declined(refusal.type().code());
        store.update(declined, null);
        giveBack(declined, name);
        return declined;
    }

    TopUp decline(TopUp topUp, String code) {
        return decline(topUp, code, null);
    }

    /**
     * By our own conclusion, and not because the processor says so. Whoever was to send it may have
     * slept for longer than anybody should, so a charge is looked for once more.
     */
    TopUp giveUp(TopUp topUp, String code) {
        return decline(topUp, code, clock.instant().plus(LOOK_AGAIN_AFTER));
    }

    private TopUp decline(TopUp topUp, String code, @Nullable Instant dueAt) {
        var declined = topUp.declined(code);
        store.update(declined, dueAt);
        if (declined.transfer() == null) {
            announceDeclined(declined);
        } else {
            transfers.notCharged(declined.transfer());
        }
        return declined;
    }

    void announceDeclined(TopUp declined) {
        outbox.add(
                List.of(
                        new TopUpDeclined(
                                declined.id(),
                                declined.customer(),
                                declined.card(),
                                declined.amount(),
                                Objects.requireNonNull(declined.declineCode()))));
    }

    private void contradicted(TopUp topUp, Result result) {
        if (topUp.state() == TopUpState.DECLINED && result instanceof Result.Done done) {
            giveBack(topUp, done.name());
        }
        if (topUp.state() == TopUpState.COMPLETED && result instanceof Result.Declined) {
            LOG.errorf("top-up %s was completed, and now it was never charged", topUp.id());
        }
    }

    /**
     * In the same transaction, so that nobody has to remember it; {@link ReturnCharges} does it.
     */
    private void giveBack(TopUp topUp, String charge) {
        if (returns.insert(topUp, charge, clock.instant())) {
            LOG.errorf("top-up %s was declined, and charged as %s", topUp.id(), charge);
        }
    }
}
