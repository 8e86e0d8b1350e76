package kvit.webhook;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One notice on its way to one endpoint: a row of webhook_delivery.
 *
 * @param number the notice's
 * @param id what the receiver knows it by, the same however often it is sent
 * @param triedAt of the last attempt, as status and error are
 */
record Delivery(
        UUID customer,
        UUID endpoint,
        long number,
        UUID id,
        String type,
        String body,
        DeliveryState state,
        int attempts,
        @Nullable Instant triedAt,
        @Nullable Integer status,
        @Nullable String error,
        Instant createdAt) {

    /** Standard Webhooks wants less than 20 kB; a receiver may refuse more. */
    static final int BODY_MAX = 20_000;
}
