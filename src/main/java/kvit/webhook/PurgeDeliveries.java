package kvit.webhook;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import kvit.source.Clock;

/** Forgets deliveries that have ended long ago; what waits, waits. */
@ApplicationScoped
class PurgeDeliveries {

    private static final int PORTION = 1_000;

    private final DeliveryStore deliveries;
    private final WebhookConfig config;
    private final Clock clock;

    PurgeDeliveries(DeliveryStore deliveries, WebhookConfig config, Clock clock) {
        this.deliveries = deliveries;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(
            every = "1h",
            delayed = "3m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void purge() {
        var before = clock.instant().minus(config.retention());
        var purged = PORTION;
        while (purged == PORTION) {
            purged =
                    QuarkusTransaction.requiringNew().call(() -> deliveries.purge(before, PORTION));
        }
    }
}
