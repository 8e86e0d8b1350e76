package kvit.transfer;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.List;
import java.util.Locale;

/** Counts what becomes of transfers, after the commit: a rollback would be counted too. */
@ApplicationScoped
class TransferMetrics {

    private final MeterRegistry metrics;
    private final TransactionSynchronizationRegistry transaction;

    TransferMetrics(MeterRegistry metrics, TransactionSynchronizationRegistry transaction) {
        this.metrics = metrics;
        this.transaction = transaction;
    }

    /** In the transaction that makes them so. */
    void countWhenCommitted(List<Transfer> transfers) {
        transaction.registerInterposedSynchronization(
                new Synchronization() {
                    @Override
                    public void beforeCompletion() {}

                    @Override
                    public void afterCompletion(int status) {
                        if (status == Status.STATUS_COMMITTED) {
                            transfers.forEach(TransferMetrics.this::count);
                        }
                    }
                });
    }

    private void count(Transfer transfer) {
        metrics.counter(
                        "kvit.transfers",
                        "state",
                        transfer.state().name().toLowerCase(Locale.ROOT),
                        "kind",
                        transfer.refundOf() == null ? "transfer" : "refund")
                .increment();
    }
}
