package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.idempotency.IdempotencyKey;
import kvit.problem.Problem;
import kvit.problem.RequestIds;
import org.jspecify.annotations.Nullable;

/** Takes down who asks for what under which key. */
@ApplicationScoped
class Attempts {

    private final RequestIds requestIds;

    Attempts(RequestIds requestIds) {
        this.requestIds = requestIds;
    }

    /**
     * @throws Problem IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_INVALID
     */
    EnrolCard.Attempt attempt(UUID customer, @Nullable String keyHeader, EnrolCard.Order order) {
        return new EnrolCard.Attempt(
                customer, IdempotencyKey.parse(keyHeader), requestIds.current(), order);
    }
}
