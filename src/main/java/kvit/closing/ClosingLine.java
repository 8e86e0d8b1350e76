package kvit.closing;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A closing in a list.
 *
 * @param forgottenAt when who it was has been forgotten
 */
record ClosingLine(
        UUID customerId,
        UUID id,
        ClosingState state,
        Instant askedAt,
        @Nullable Instant closedAt,
        @Nullable Instant forgottenAt) {

    static ClosingLine of(Closing closing) {
        return new ClosingLine(
                closing.customer(),
                closing.id(),
                closing.state(),
                closing.askedAt(),
                closing.closedAt(),
                closing.forgottenAt());
    }
}
