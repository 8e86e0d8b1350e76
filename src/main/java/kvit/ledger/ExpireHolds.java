package kvit.ledger;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Writes down that holds have expired, late by some seconds: until then their money is not
 * available, and nobody can capture it either. Runs on every replica; the locks make that harmless.
 */
@ApplicationScoped
class ExpireHolds {

    /** A transaction of this size stays well below the statement time-out. */
    private static final int PORTION = 500;

    private final Ledger ledger;
    private final MoneyTransactions transactions;

    ExpireHolds(Ledger ledger, MoneyTransactions transactions) {
        this.ledger = ledger;
        this.transactions = transactions;
    }

    @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        while (transactions.once(() -> ledger.expireDue(PORTION)) == PORTION) {
            Thread.onSpinWait();
        }
    }
}
