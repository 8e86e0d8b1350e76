package kvit.transfer;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import kvit.ledger.MoneyTransactions;
import kvit.source.Clock;

/**
 * Ends transfers that have waited for too long, late by some seconds: nobody can confirm them or
 * let them through meanwhile. Runs on every replica; each takes what no other is at.
 */
@ApplicationScoped
class ExpireTransfers {

    /** A transaction of this size stays well below the statement time-out. */
    private static final int PORTION = 200;

    private final TransferStore store;
    private final Settlement settlement;
    private final MoneyTransactions transactions;
    private final Clock clock;

    ExpireTransfers(
            TransferStore store,
            Settlement settlement,
            MoneyTransactions transactions,
            Clock clock) {
        this.store = store;
        this.settlement = settlement;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        while (transactions.once(this::expireDue) == PORTION) {
            Thread.onSpinWait();
        }
    }

    private int expireDue() {
        var due = store.lockDue(clock.instant(), PORTION);
        settlement.end(due.stream().map(Transfer::expired).toList(), null);
        return due.size();
    }
}
