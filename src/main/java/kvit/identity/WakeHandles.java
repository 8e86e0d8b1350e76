package kvit.identity;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import kvit.source.Clock;

/** Gives back the handles of people who have left long enough ago. */
@ApplicationScoped
class WakeHandles {

    private final FormerCustomers former;
    private final Clock clock;

    WakeHandles(FormerCustomers former, Clock clock) {
        this.former = former;
        this.clock = clock;
    }

    @Scheduled(
            every = "1h",
            delayed = "3m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void wake() {
        while (QuarkusTransaction.requiringNew().call(() -> former.wake(clock.instant()))) {
            Thread.onSpinWait();
        }
    }
}
