package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Promise;
import kvit.money.Money;
import kvit.payout.ReturnedMoney;
import kvit.source.Ids;

/**
 * Holds what comes back from a payout that was asked for before a chargeback: it is of the money
 * that the chargeback did not find. What its owner gets from elsewhere later is left alone.
 */
@ApplicationScoped
class HoldReturned implements ReturnedMoney {

    private final DisputeStore store;
    private final Ledger ledger;

    HoldReturned(DisputeStore store, Ledger ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    @Override
    public boolean isAwaited(Origin origin) {
        return store.isLacking(origin.customer(), origin.currency(), origin.askedAt());
    }

    @Override
    public LongConsumer lockAwaiting(Origin origin) {
        var awaiting = store.lockLacking(origin.customer(), origin.currency(), origin.askedAt());
        return back -> hold(origin, awaiting, back);
    }

    /** Each dispute gets of it what it lacks, while there is some. */
    private void hold(Origin origin, List<Dispute> awaiting, long back) {
        var wallet = Account.wallet(origin.customer(), origin.currency());
        var left = back;
        for (var dispute : awaiting) {
            var more = Math.min(dispute.lacks(), left);
            if (more > 0) {
                hold(dispute, wallet, dispute.held().minor() + more, origin);
                left -= more;
            }
        }
    }

    /** One hold for all of it, so that it is captured as one. */
    private void hold(Dispute dispute, Account wallet, long minor, Origin origin) {
        if (dispute.hold() != null) {
            ledger.release(List.of(wallet), Set.of(dispute.hold()));
        }
        var held = new Money(minor, wallet.currency());
        var hold = Ids.named(dispute.id(), "with " + origin.payout());
        HoldContested.written(ledger.post(List.of(new Promise(hold, wallet, held, null))).get(0));
        store.holds(dispute.id(), held, hold);
    }
}
