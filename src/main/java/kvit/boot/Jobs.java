package kvit.boot;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Lets the scheduled jobs rest as soon as a shutdown begins, so that each has ended when the last
 * request has. Quarkus stops them together with the connection pool, and cuts off what is running.
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
