package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where a transfer stands, and where it may go from there. Two of them have one name outside. */
@Schema(
        enumeration = {
            "requires_confirmation",
            "pending",
            "completed",
            "declined",
            "cancelled",
            "expired",
            "refunded"
        })
enum TransferState {
    /**
     * What the wallet is to pay is held until the payer confirms it: by a code that was sent for
     * it, or by their PIN.
     */
    @JsonProperty("requires_confirmation")
    REQUIRES_CONFIRMATION,
    /** What the wallet is to pay is held until somebody of ours has looked at it. */
    @JsonProperty("pending")
    PENDING,
    /**
     * A card is being charged for it, on the word that it needed. To others it is as pending as
     * what waits for a review.
     */
    @JsonProperty("pending")
    CHARGING,
    @JsonProperty("completed")
    COMPLETED,
    @JsonProperty("declined")
    DECLINED,
    @JsonProperty("cancelled")
    CANCELLED,
    @JsonProperty("expired")
    EXPIRED,
    /** All of it was given back. */
    @JsonProperty("refunded")
    REFUNDED;

    /** Whether it waits for somebody's word, and can be taken back. */
    boolean isWaiting() {
        return this == REQUIRES_CONFIRMATION || this == PENDING;
    }

    boolean mayBecome(TransferState next) {
        return next().contains(next);
    }

    private Set<TransferState> next() {
        return switch (this) {
            case REQUIRES_CONFIRMATION ->
                    EnumSet.of(PENDING, CHARGING, COMPLETED, DECLINED, CANCELLED, EXPIRED);
            case PENDING -> EnumSet.of(CHARGING, COMPLETED, DECLINED, CANCELLED, EXPIRED);
            case CHARGING -> EnumSet.of(COMPLETED, DECLINED);
            case COMPLETED -> EnumSet.of(REFUNDED);
            case DECLINED, CANCELLED, EXPIRED, REFUNDED -> EnumSet.noneOf(TransferState.class);
        };
    }
}
