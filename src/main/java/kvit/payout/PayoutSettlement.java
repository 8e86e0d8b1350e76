package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
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
import kvit.payout.PayoutTrips.Trip;
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
    private final PayoutTrips trips;
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
            PayoutTrips trips,
            PayoutRules rules,
            PayoutTimes times,
            ReturnedMoney returned,
            PayoutMetrics metrics,
            Ledger ledger,
            Outbox outbox,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.trips = trips;
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
            arrived(payout, done, askedAt);
        } else if (result instanceof Result.Declined declined) {
            failed(payout, declined, isFirst);
        } else if (result instanceof Result.Pending pending && payout.isInTransit()) {
            leave(payout, nameOf(pending.outAs(), pending.name()));
            store.named(payout, pending.name(), clock.instant(), next(asked, true));
        } else if (result instanceof Result.NotFound && !payout.isInTransit()) {
            // Nothing more to hear of what has ended here.
            due(payout, null);
        } else {
            if (result instanceof Result.Unknown unknown
                    && unknown.outAs() != null
                    && payout.isInTransit()) {
                leave(payout, unknown.outAs());
            }
            due(payout, next(asked, payout.name() != null));
        }
    }

    private static String nameOf(@Nullable String outAs, String name) {
        return outAs == null ? name : outAs;
    }

    /** The processor has taken it from what it owes us, and its next file will say so. */
    private void leave(Payout payout, String name) {
        if (trips.open(payout).isEmpty()) {
            var taken = new PayoutPostings(payout).taken(clock.instant());
            trips.out(payout, new Trip(taken.id(), name), post(List.of(taken)));
        }
    }

    private Instant next(int asked, boolean isTaken) {
        return clock.instant().plus(times.wait(asked, isTaken));
    }

    private void due(Payout payout, @Nullable Instant at) {
        store.due(payout, clock.instant(), at);
    }

    private void arrived(Payout payout, Result.Done done, Instant askedAt) {
        switch (payout.state()) {
            case IN_TRANSIT -> {
                leave(payout, nameOf(done.outAs(), done.name()));
                var at = clock.instant();
                var paid = store.paid(payout, done.name(), at, at);
                announce(
                        paid,
                        new PayoutCompleted(
                                paid.id(), paid.customer(), paid.card(), paid.amount(), at));
            }
            case RETURNED, CANCELLED -> contradicted(payout, done.name(), askedAt);
            case PAID, DECLINED -> due(payout, null);
        }
    }

    /**
     * What a processor declines for being quick is sent again as a standard one: its id is declined
     * for good, so that it needs another. Only where its first answer says so: later on the same
     * word may mean that it was taken and has come back. That, and all else, goes into the wallet.
     */
    private void failed(Payout payout, Result.Declined declined, boolean isFirst) {
        switch (payout.state()) {
            case IN_TRANSIT -> {
                if (payout.speed() == Speed.INSTANT && payout.name() == null && isFirst) {
                    slow(payout, declined);
                } else {
                    giveBack(payout, PayoutState.RETURNED, declined.code(), declined.trip());
                }
            }
            case PAID -> giveBack(payout, PayoutState.RETURNED, declined.code(), declined.trip());
            case RETURNED, CANCELLED, DECLINED -> due(payout, null);
        }
    }

    private void slow(Payout payout, Result.Declined declined) {
        LOG.infof("payout %s cannot be instant: %s", payout.id(), declined.code());
        var postings = broughtBack(payout, declined.trip());
        if (payout.fee().isPositive()) {
            postings.add(new PayoutPostings(payout).feeBack(clock.instant()));
        }
        if (!postings.isEmpty()) {
            post(postings);
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
        return giveBack(payout, state, code, null);
    }

    private Payout giveBack(
            Payout payout, PayoutState state, @Nullable String code, Result.@Nullable Trip told) {
        var kind = "payout-" + state.name().toLowerCase(Locale.ROOT);
        var awaiting = returned.lockAwaiting(payout.origin());
        var now = clock.instant();
        var postings = broughtBack(payout, told);
        var into = new PayoutPostings(payout);
        var isOfBefore = payout.paidAt() != null && postings.isEmpty();
        var back = isOfBefore ? into.backFromProcessor(kind, now) : into.back(kind, now);
        postings.add(back);
        var at = post(postings);
        awaiting.accept(back.lines().get(0).minor());
        var ended = store.back(payout, state, code, at);
        announce(ended, event(ended, payout.feeNow(), code, at));
        return ended;
    }

    /**
     * That the processor owes it to us again, to be posted: nothing where it has never had it. Out
     * and back at once where nobody has heard of it in between, because its files say both.
     */
    private List<Posting> broughtBack(Payout payout, Result.@Nullable Trip told) {
        var now = clock.instant();
        var lines = new PayoutPostings(payout);
        var postings = new ArrayList<Posting>();
        var trip = trips.open(payout).orElse(null);
        var isOfBefore = payout.paidAt() != null;
        if (trip == null && told != null && !isOfBefore) {
            var taken = lines.taken(now);
            postings.add(taken);
            trip = new Trip(taken.id(), told.out());
            trips.out(payout, trip, now);
        }
        if (trip != null) {
            var cameBack = lines.cameBack(trip.posting(), now);
            postings.add(cameBack);
            var name = told == null || told.back() == null ? trip.name() : told.back();
            trips.back(payout, new Trip(cameBack.id(), name), now);
        }
        return postings;
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

    /** All of it, or nothing; says when the last was. */
    private Instant post(List<Posting> postings) {
        var at = clock.instant();
        for (var outcome : ledger.post(postings)) {
            if (outcome.refusal() != null) {
                // It is so at the processor, whatever we say. It waits for somebody who looks.
                throw new IllegalStateException(
                        "postings %s of a payout cannot be written"
                                .formatted(postings.stream().map(Posting::id).toList()),
                        outcome.refusal());
            }
            at = outcome.at();
        }
        return at;
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
