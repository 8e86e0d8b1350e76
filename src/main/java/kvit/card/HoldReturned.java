package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Promise;
import kvit.money.Money;
import kvit.source.Ids;

/**
 * Holds what comes back from a payout that was asked for before a chargeback: it is of the money
 * that the chargeback did not find. What its owner gets from elsewhere later is left alone.
 */
@ApplicationScoped
class HoldReturned {

    private final DisputeStore store;
    private final Ledger ledger;

    HoldReturned(DisputeStore store, Ledger ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    /** Whether somebody waits for the money of this payout, so that it must not be sent. */
    boolean isAwaited(Payout payout) {
        return store.isLacking(payout.customer(), payout.amount().currency(), payout.createdAt());
    }

    /** Those who wait for it; before the accounts of the payout are locked. */
    List<Dispute> lockAwaiting(Payout payout) {
        return store.lockLacking(payout.customer(), payout.amount().currency(), payout.createdAt());
    }

    /**
     * It is in the wallet again: each dispute gets of it what it lacks, while there is some.
     *
     * @param back how much came back, in minor units: with its fee, if it had one
     */
    void hold(Payout payout, List<Dispute> awaiting, long back) {
        var wallet = Account.wallet(payout.customer(), payout.amount().currency());
        var left = back;
        for (var dispute : awaiting) {
            var more = Math.min(dispute.lacks(), left);
            if (more > 0) {
                hold(dispute, wallet, dispute.held().minor() + more, payout);
                left -= more;
            }
        }
    }

    /** One hold for all of it, so that it is captured as one. */
    private void hold(Dispute dispute, Account wallet, long minor, Payout payout) {
        if (dispute.hold() != null) {
            ledger.release(List.of(wallet), Set.of(dispute.hold()));
        }
        var held = new Money(minor, wallet.currency());
        var hold = Ids.named(dispute.id(), "with " + payout.id());
        HoldContested.written(ledger.post(List.of(new Promise(hold, wallet, held, null))).get(0));
        store.holds(dispute.id(), held, hold);
    }
}
