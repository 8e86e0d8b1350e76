package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.ledger.Promise;
import kvit.money.Money;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.topup.ContestedMoney;

/**
 * Holds what comes back because a refund came to nothing, for disputes that have found too little
 * while it was on its way; and takes it where the very charge is lost already: its owner has that
 * money by the dispute, and the loss of it is ours so far.
 */
@ApplicationScoped
class HoldRefunded implements ContestedMoney {

    private final DisputeStore store;
    private final HoldReturned returned;
    private final Ledger ledger;
    private final Clock clock;

    HoldRefunded(DisputeStore store, HoldReturned returned, Ledger ledger, Clock clock) {
        this.store = store;
        this.returned = returned;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public LongConsumer lockAwaiting(Origin origin) {
        var awaiting =
                store.lockLacking(
                        origin.customer(), origin.currency(), origin.askedAt(), origin.topUp());
        if (awaiting.stream().anyMatch(it -> it.state() == DisputeState.LOST)) {
            // With those of the posting that comes first, because they are locked in their order.
            ledger.lock(
                    List.of(
                            Account.wallet(origin.customer(), origin.currency()),
                            Account.cardClearing(origin.currency()),
                            Account.losses(origin.currency())));
        }
        return back -> {
            requireAll(awaiting, origin);
            give(awaiting, origin.refund(), back);
        };
    }

    /**
     * A dispute that was received in this moment has had the wallet first, and found too little
     * without being found itself. Whoever comes next finds it.
     */
    private void requireAll(List<Dispute> locked, Origin origin) {
        var lacking =
                store.lacking(
                        origin.customer(), origin.currency(), origin.askedAt(), origin.topUp());
        if (lacking.size() > locked.size()) {
            throw new MoneyTransactions.Superseded("a dispute has come meanwhile");
        }
    }

    private void give(List<Dispute> awaiting, UUID refund, long back) {
        var open = new ArrayList<Dispute>();
        var left = back;
        for (var dispute : awaiting) {
            if (dispute.state() == DisputeState.LOST) {
                left -= recover(dispute, Math.min(dispute.lacks(), left), refund);
            } else {
                open.add(dispute);
            }
        }
        returned.hold(open, refund, left);
    }

    /** Held and taken at once, so that what it has cost its owner is held or gone as ever. */
    private long recover(Dispute lost, long minor, UUID refund) {
        if (minor == 0) {
            return 0;
        }
        var amount = new Money(minor, lost.amount().currency());
        var hold = Ids.named(lost.id(), "with " + refund);
        var taken =
                new Posting(
                        recovery(lost.id()),
                        "chargeback-recovered",
                        clock.instant(),
                        lost.shares(-minor, minor),
                        null,
                        hold);
        ledger.post(List.of(new Promise(hold, lost.wallet(), amount, null), taken))
                .forEach(HoldContested::written);
        store.holds(
                lost.id(),
                new Money(lost.held().minor() + minor, amount.currency()),
                lost.hold() == null ? hold : lost.hold());
        return minor;
    }

    /** Of the posting: one charge goes back once, and so it fails once. */
    static UUID recovery(UUID dispute) {
        return Ids.named(dispute, "recovered");
    }
}
