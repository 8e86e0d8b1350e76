package kvit.webhook;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as operators see it: how it fares, and not what it says.
 *
 * @param id what the receiver knows it by
 */
@Schema(name = "WebhookDelivery")
record DeliveryView(
        UUID id,
        UUID customerId,
        String type,
        DeliveryState state,
        int attempts,
        @Nullable Instant triedAt,
        @Nullable Integer status,
        @Nullable String error,
        Instant createdAt,
        @Nullable List<AttemptView> failedAttempts) {

    @Schema(name = "WebhookAttempt")
    record AttemptView(Instant at, @Nullable Integer status, String error, long millis) {}

    /**
     * @param attempts null where nobody has asked for them
     */
    static DeliveryView of(Delivery delivery, @Nullable List<DeliveryStore.Attempt> attempts) {
        return new DeliveryView(
                delivery.id(),
                delivery.customer(),
                delivery.type(),
                delivery.state(),
                delivery.attempts(),
                delivery.triedAt(),
                delivery.status(),
                delivery.error(),
                delivery.createdAt(),
                attempts == null
                        ? null
                        : attempts.stream()
                                .map(
                                        it ->
                                                new AttemptView(
                                                        it.at(),
                                                        it.status(),
                                                        it.error(),
                                                        it.millis()))
                                .toList());
    }
}
