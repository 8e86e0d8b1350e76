package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.card.Notice;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.ledger.Posting.Line;
import kvit.money.Money;
import kvit.outbox.Event;
import kvit.outbox.Outbox;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jboss.logging.Logger;

/**
 * Writes that the processor has given the money of a contested charge back. What was held is its
 * owner's again, so what they had of ours meanwhile goes back in the same transaction: a moment
 * later they could have sent both away. The wallet has it for certain, because no more was credited
 * than was held, or taken.
 */
@ApplicationScoped
class WinDispute {

    private static final Logger LOG = Logger.getLogger(WinDispute.class);

    /** Why a credit is back that nobody has asked for. */
    static final String WON = "The dispute was won.";

    private final DisputeStore store;
    private final DisputeCreditStore credits;
    private final HoldContested contested;
    private final HoldReturned others;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Clock clock;

    WinDispute(
            DisputeStore store,
            DisputeCreditStore credits,
            HoldContested contested,
            HoldReturned others,
            Ledger ledger,
            Outbox outbox,
            Clock clock) {
        this.store = store;
        this.credits = credits;
        this.contested = contested;
        this.others = others;
        this.ledger = ledger;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Says whether it is about a dispute that we know; one may be told before its chargeback. */
    boolean win(Notice.Delivery delivery, Notice.ChargebackReversed notice) {
        var dispute = store.lock(delivery.processor(), notice.dispute()).orElse(null);
        if (dispute == null) {
            return false;
        }
        if (dispute.state() == DisputeState.WON) {
            // A later one belongs to a round whose chargeback has not come yet.
            return !dispute.isReversedBefore(delivery.at());
        }
        if (delivery.at().isBefore(dispute.at())) {
            // Of the round before; of the first one the chargeback has not come, but a later one.
            return dispute.round() > 1;
        }
        if (!notice.amount().equals(dispute.amount())) {
            // What was taken is what the books can give back; the rest somebody has to look at.
            LOG.errorf("dispute %s: %s of it are given back", dispute.id(), notice.amount());
            return false;
        }
        won(dispute, delivery.at());
        return true;
    }

    /** Of one that is under lock, and is not won yet. */
    private void won(Dispute dispute, Instant reversedAt) {
        var credit = credits.find(dispute.id()).filter(it -> it.back() == null).orElse(null);
        // Disputes before accounts.
        var awaiting = others.lockAwaiting(dispute);
        lockAndFree(dispute);
        var at = HoldContested.written(ledger.post(List.of(posting(dispute))).get(0));
        store.won(dispute.id(), at, reversedAt);
        var back = credit == null ? null : takeBack(dispute, credit);
        // Had nothing been credited they would have spent that of their own, so it is all the same.
        var free = Math.min(dispute.held().minor(), contested.theirs(dispute.wallet()));
        var heldOn = new Money(awaiting.applyAsLong(free), dispute.held().currency());
        announce(
                new DisputeWon(
                        dispute.id(),
                        dispute.customer(),
                        dispute.card(),
                        dispute.topUp(),
                        dispute.amount(),
                        at,
                        back,
                        heldOn));
    }

    /** All that is posted to, because accounts are locked in their order or not at all. */
    private void lockAndFree(Dispute dispute) {
        var currency = dispute.amount().currency();
        var isHeld = dispute.state() == DisputeState.RECEIVED && dispute.hold() != null;
        ledger.release(
                List.of(
                        dispute.wallet(),
                        Account.cardClearing(currency),
                        Account.chargebacks(currency),
                        Account.losses(currency)),
                isHeld ? Set.<UUID>of(dispute.hold()) : Set.of());
    }

    /** From the processor, to whoever has borne it: nobody yet, or the wallet and we. */
    private Posting posting(Dispute dispute) {
        var currency = dispute.amount().currency();
        var amount = dispute.amount().minor();
        var held = dispute.held().minor();
        var lines = new ArrayList<Line>();
        lines.add(new Line(Account.cardClearing(currency), -amount));
        if (dispute.state() == DisputeState.LOST) {
            lines.addAll(dispute.shares(held, amount - held));
        } else {
            lines.add(new Line(Account.chargebacks(currency), amount));
        }
        return new Posting(
                Ids.named(dispute.id(), "won"),
                "chargeback-won",
                clock.instant(),
                lines,
                null,
                null);
    }

    private Money takeBack(Dispute dispute, DisputeCredit credit) {
        var at = ledger.reverse(credit.id(), ReturnDisputeCredit.id(dispute.id())).at();
        credits.takenBack(dispute.id(), new DisputeCredit.Word(WON, null, null, at));
        announce(new DisputeCreditReturned(dispute.id(), dispute.customer(), credit.amount(), at));
        return credit.amount();
    }

    private void announce(Event event) {
        outbox.add(List.of(event));
    }
}
