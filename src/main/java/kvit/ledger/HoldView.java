package kvit.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Money that is, or was, promised.
 *
 * @param captured what of it was taken in the end
 * @param expiresAt when it ends by itself; null where what it is for says so
 * @param settledAt null while it is pending
 */
public record HoldView(
        UUID id,
        Money amount,
        Money captured,
        State state,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant settledAt) {

    /** What has become of it. */
    @Schema(name = "HoldState")
    public enum State {
        @JsonProperty("pending")
        PENDING,
        @JsonProperty("captured")
        CAPTURED,
        @JsonProperty("released")
        RELEASED,
        @JsonProperty("expired")
        EXPIRED
    }
}
