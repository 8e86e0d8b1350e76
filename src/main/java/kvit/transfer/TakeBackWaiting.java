package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;

/**
 * Takes back all that somebody has sent and that still waits, so that nothing of theirs is held.
 */
@ApplicationScoped
public class TakeBackWaiting {

    /** A transaction of this size stays well below the statement time-out. */
    private static final int PORTION = 200;

    private final WaitingStore store;
    private final Settlement settlement;
    private final MoneyTransactions transactions;

    TakeBackWaiting(WaitingStore store, Settlement settlement, MoneyTransactions transactions) {
        this.store = store;
        this.settlement = settlement;
        this.transactions = transactions;
    }

    /** In transactions of its own, a portion each. */
    public void of(UUID payer) {
        while (transactions.once(() -> portion(payer)) == PORTION) {
            Thread.onSpinWait();
        }
    }

    private int portion(UUID payer) {
        var waiting = store.lockWaiting(payer, PORTION);
        settlement.end(waiting.stream().map(Transfer::cancelled).toList(), null);
        return waiting.size();
    }
}
