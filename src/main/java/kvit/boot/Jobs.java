package kvit.boot;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Begins no more jobs as soon as a shutdown begins, so that those that run have as long to end as
 * the last requests. Quarkus stops them together with the connection pool, and cuts off what runs.
 */
@Singleton
class Jobs {

    private final Scheduler scheduler;

    Jobs(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void pause(@Observes ShutdownDelayInitiatedEvent event) {
        scheduler.pause();
    }
}
