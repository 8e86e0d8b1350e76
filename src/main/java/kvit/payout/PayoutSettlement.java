package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import kvit.card.Result;
import kvit.card.Speed;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.money.Money;
import kvit.outbox.Event;
import kvit.outbox.Outbox;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes what has become of a payout, in the transaction of whoever has it under lock: the money,
 * the state and the event are durable together, or nothing is.
 */
@ApplicationScoped
class PayoutSettlement {

    private static final Logger LOG = Logger.getLogger(PayoutSettlement.class);

    private final PayoutStore store;
    private final PayoutRules rules;
    private final PayoutTimes times;
    private final ReturnedMoney returned;
    private final PayoutMetrics metrics;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Clock clock;
    private final Ids ids;

    PayoutSettlement(
            PayoutStore store,
            PayoutRules rules,
            PayoutTimes times,
            ReturnedMoney returned,
            PayoutMetrics metrics,
            Ledger ledger,
            Outbox outbox,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.rules = rules;
        this.times = times;
        this.returned = returned;
        this.metrics = metrics;
        this.ledger = ledger;
        this.outbox = outbox;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Writes what the processor says of the push that it is sent by now.
     *
     * <p>Nobody is asked again whether the money may go back: it is the customer's, frozen or not.
     *
     * @param asked how often somebody has come to it
     * @param askedAt when the processor was asked or told
     * @param isFirst whether it is what the very first call for this push has answered
     */
    void settle(Payout payout, Result result, int asked, Instant askedAt, boolean isFirst) {
        if (result instanceof Result.Done done) {
            arrived(payout, done.name(), askedAt);
        } else if (result instanceof Result.Declined declined) {
            failed(payout, declined.code(), isFirst);
        } else if (result instanceof Result.Pending pending && payout.isInTransit()) {
            store.named(payout, pending.name(), clock.instant(), next(asked, true));
        } else if (result instanceof Result.NotFound && !payout.isInTransit()) {
            // Nothing more to hear of what has ended here.
            due(payout, null);
        } else {
            due(payout, next(asked, payout.name() != null));
        }
    }

    private Instant next(int asked, boolean isTaken) {
        return clock.instant().plus(times.wait(asked, isTaken));
    }

    private void due(Payout payout, @Nullable Instant at) {
        store.due(payout, clock.instant(), at);
    }

    private void arrived(Payout payout, String name, Instant askedAt) {
        switch (payout.state()) {
            case IN_TRANSIT -> {
                var at = post(new PayoutPostings(payout).paid(clock.instant()));
                var paid = store.paid(payout, name, at, clock.instant());
                announce(
                        paid,
                        new PayoutCompleted(
                                paid.id(), paid.customer(), paid.card(), paid.amount(), at));
            }
            case RETURNED, CANCELLED -> contradicted(payout, name, askedAt);
            case PAID, DECLINED -> due(payout, null);
        }
    }

    /**
     * What a processor declines for being quick is sent again as a standard one: its id is declined
     * for good, so that it needs another. Only where its first answer says so: later on the same
     * word may mean that it was taken and has come back. That, and all else, goes into the wallet.
     */
    private void failed(Payout payout, String code, boolean isFirst) {
        switch (payout.state()) {
            case IN_TRANSIT -> {
                if (payout.speed() == Speed.INSTANT && payout.name() == null && isFirst) {
                    slow(payout, code);
                } else {
                    giveBack(payout, PayoutState.RETURNED, code);
                }
            }
            case PAID -> giveBack(payout, PayoutState.RETURNED, code);
            case RETURNED, CANCELLED, DECLINED -> due(payout, null);
        }
    }

    private void slow(Payout payout, String code) {
        LOG.infof("payout %s cannot be instant: %s", payout.id(), code);
        if (payout.fee().isPositive()) {
            post(new PayoutPostings(payout).feeBack(clock.instant()));
        }
        var now = clock.instant();
        var arrival = times.arrival(Speed.STANDARD, rules.country(payout.customer()), now);
        var slowed = store.slowed(payout, ids.next(), now, arrival);
        outbox.add(
                List.of(
                        new PayoutSlowed(
                                slowed.id(),
                                slowed.customer(),
                                slowed.card(),
                                slowed.amount(),
                                slowed.fee(),
                                arrival)));
    }

    /**
     * Into the wallet, and the fee with it. Once, whoever asks: the posting reverses the one that
     * took it.
     *
     * @param state RETURNED or CANCELLED
     * @param code why; null where its owner wants it
     */
    Payout giveBack(Payout payout, PayoutState state, @Nullable String code) {
        var kind = "payout-" + state.name().toLowerCase(Locale.ROOT);
        var awaiting = returned.lockAwaiting(payout.origin());
        var posting = new PayoutPostings(payout).back(kind, clock.instant());
        var at = post(posting);
        awaiting.accept(posting.lines().get(0).minor());
        var back = store.back(payout, state, code, at);
        announce(back, event(back, payout.feeNow(), code, at));
        return back;
    }

    private static Event event(Payout payout, Money fee, @Nullable String code, Instant at) {
        if (payout.state() == PayoutState.CANCELLED) {
            return new PayoutCancelled(
                    payout.id(), payout.customer(), payout.card(), payout.amount(), fee, code, at);
        }
        return new PayoutReturned(
                payout.id(),
                payout.customer(),
                payout.card(),
                payout.amount(),
                fee,
                code == null ? "unknown" : code,
                at);
    }

    private Instant post(Posting posting) {
        var outcome = ledger.post(List.of(posting)).get(0);
        if (outcome.refusal() != null) {
            // It is so at the processor, whatever we say. It waits for somebody who looks.
            throw new IllegalStateException(
                    "posting " + posting.id() + " of a payout cannot be written",
                    outcome.refusal());
        }
        return outcome.at();
    }

    private void announce(Payout payout, Event event) {
        metrics.countWhenCommitted(payout);
        outbox.add(List.of(event));
    }

    /** Must never be: whoever sees it has to ask for the money back. */
    private void contradicted(Payout payout, String name, Instant askedAt) {
        if (askedAt.isBefore(Objects.requireNonNull(payout.backAt()))) {
            // From before it came back, and late; only what is said now would be another thing.
            due(payout, clock.instant());
            return;
        }
        LOG.errorf("payout %s was given back, and has arrived as %s", payout.id(), name);
        store.contradicted(payout, clock.instant());
    }
}
