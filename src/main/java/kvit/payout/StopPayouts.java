package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.money.Currency;

/** Stops payouts whose money is contested, as long as they were not handed over. */
@ApplicationScoped
public class StopPayouts {

    /** Why such a payout is stopped. */
    static final String FUNDS_CONTESTED = "funds_contested";

    private final PayoutStore store;
    private final PayoutSettlement settlement;

    StopPayouts(PayoutStore store, PayoutSettlement settlement) {
        this.store = store;
        this.settlement = settlement;
    }

    /**
     * Locks those that can still be stopped, and those that have no end yet: what comes back of
     * them has to see the dispute that they are locked for. Before any dispute and any account is
     * locked.
     *
     * @return one for each that can be stopped, the newest first, that gives its money back in the
     *     same transaction
     */
    public List<Runnable> lock(UUID customer, Currency currency) {
        return store.lockInTransit(customer, currency).stream()
                .filter(Payout::isCancellable)
                .<Runnable>map(it -> () -> stop(it))
                .toList();
    }

    private void stop(Payout payout) {
        settlement.giveBack(payout, PayoutState.CANCELLED, FUNDS_CONTESTED);
    }
}
