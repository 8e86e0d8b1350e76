package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Promise;
import kvit.money.Money;
import kvit.payout.ReturnedMoney;
import kvit.source.Ids;

/**
 * Holds what comes back from where a chargeback could not reach it: from a payout that was asked
 * for before it, and from another dispute that held it already. It is of the money that the
 * chargeback did not find. What its owner gets from elsewhere later is left alone.
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
        return back -> hold(awaiting, origin.payout(), back);
    }

    /**
     * Locks those that came while the money of this one was held or taken; before its accounts are
     * locked.
     *
     * @return what to call in the same transaction once it is free, with how much that is in minor
     *     units, and says how much of it is held again
     */
    LongUnaryOperator lockAwaiting(Dispute won) {
        var awaiting =
                store
                        .lockLacking(won.customer(), won.amount().currency(), won.receivedAt())
                        .stream()
                        .filter(it -> !it.id().equals(won.id()))
                        .toList();
        return back -> hold(awaiting, won.id(), back);
    }

    /** Each dispute gets of it what it lacks, while there is some. Says how much that is. */
    long hold(List<Dispute> awaiting, UUID origin, long back) {
        var left = back;
        for (var dispute : awaiting) {
            var more = Math.min(dispute.lacks(), left);
            if (more > 0) {
                hold(dispute, dispute.wallet(), dispute.held().minor() + more, origin);
                left -= more;
            }
        }
        return back - left;
    }

    /** One hold for all of it, so that it is captured as one. */
    private void hold(Dispute dispute, Account wallet, long minor, UUID origin) {
        if (dispute.hold() != null) {
            ledger.release(List.of(wallet), Set.of(dispute.hold()));
        }
        var held = new Money(minor, wallet.currency());
        var hold = Ids.named(dispute.id(), "with " + origin);
        HoldContested.written(ledger.post(List.of(new Promise(hold, wallet, held, null))).get(0));
        store.holds(dispute.id(), held, hold);
    }
}
