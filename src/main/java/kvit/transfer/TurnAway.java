package kvit.transfer;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import kvit.problem.AtTheDoor;

/**
 * Turns transfers away while as many wait as may. At the door, because a service that spends its
 * time on whom it cannot serve serves nobody: a refusal is a small fraction of a transfer.
 */
@Singleton
class TurnAway {

    /** Before what asks who it is, which is most of the work. */
    private static final int PRIORITY = 1_000;

    private final SendTogether sendTogether;
    private final AtTheDoor door;

    TurnAway(SendTogether sendTogether, AtTheDoor door) {
        this.sendTogether = sendTogether;
        this.door = door;
    }

    void register(@Observes Filters filters) {
        filters.register(this::admit, PRIORITY);
    }

    private void admit(RoutingContext exchange) {
        if (isTransfer(exchange) && sendTogether.isCrowded()) {
            door.refuse(exchange, sendTogether.crowded());
        } else {
            exchange.next();
        }
    }

    private static boolean isTransfer(RoutingContext exchange) {
        var request = exchange.request();
        return request.method().equals(HttpMethod.POST)
                && request.path().equals(TransferResource.PATH);
    }
}
