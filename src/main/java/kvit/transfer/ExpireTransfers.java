package kvit.transfer;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/**
 * Ends transfers that have waited for too long, late by some seconds: nobody can confirm them or
 * let them through meanwhile. Runs on every replica; each takes what no other is at.
 */
@ApplicationScoped
class ExpireTransfers {

    /** A transaction of this size stays well below the statement time-out. */
    private static final int PORTION = 200;

    private static final Logger LOG = Logger.getLogger(ExpireTransfers.class);

    private final WaitingStore waiting;
    private final TransferStore store;
    private final Settlement settlement;
    private final MoneyTransactions transactions;
    private final Clock clock;

    ExpireTransfers(
            WaitingStore waiting,
            TransferStore store,
            Settlement settlement,
            MoneyTransactions transactions,
            Clock clock) {
        this.waiting = waiting;
        this.store = store;
        this.settlement = settlement;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        var due = new ArrayList<UUID>();
        try {
            while (transactions.once(() -> expireDue(due)) == PORTION) {
                Thread.onSpinWait();
            }
        } catch (RuntimeException e) {
            LOG.warnf("%d transfers do not expire together: %s", due.size(), e.getMessage());
            due.forEach(this::expireAlone);
        }
    }

    private int expireDue(List<UUID> ids) {
        var due = waiting.lockDue(clock.instant(), PORTION);
        ids.clear();
        due.forEach(it -> ids.add(it.id()));
        settlement.end(due.stream().map(Transfer::expired).toList(), null);
        return due.size();
    }

    /** So that one that cannot end does not keep the others. */
    private void expireAlone(UUID id) {
        try {
            transactions.once(() -> expire(id));
        } catch (RuntimeException e) {
            LOG.errorf(e, "transfer %s cannot expire", id);
        }
    }

    private boolean expire(UUID id) {
        var now = clock.instant();
        var late =
                store.lock(List.of(id)).values().stream()
                        .filter(it -> it.state().isWaiting() && !it.isWaitingAt(now))
                        .map(Transfer::expired)
                        .toList();
        settlement.end(late, null);
        return !late.isEmpty();
    }
}
