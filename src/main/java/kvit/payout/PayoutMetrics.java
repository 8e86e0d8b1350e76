package kvit.payout;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Locale;

/** Counts what becomes of payouts, after the commit: a rollback would be counted too. */
@ApplicationScoped
class PayoutMetrics {

    private final MeterRegistry metrics;
    private final TransactionSynchronizationRegistry transaction;

    PayoutMetrics(MeterRegistry metrics, TransactionSynchronizationRegistry transaction) {
        this.metrics = metrics;
        this.transaction = transaction;
    }

    /** In the transaction that makes it so. */
    void countWhenCommitted(Payout payout) {
        transaction.registerInterposedSynchronization(
                new Synchronization() {
                    @Override
                    public void beforeCompletion() {}

                    @Override
                    public void afterCompletion(int status) {
                        if (status == Status.STATUS_COMMITTED) {
                            count(payout);
                        }
                    }
                });
    }

    private void count(Payout payout) {
        metrics.counter(
                        "kvit.payouts",
                        "state",
                        payout.state().name().toLowerCase(Locale.ROOT),
                        "speed",
                        payout.speed().name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
