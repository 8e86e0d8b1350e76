package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where a transfer stands, and where it may go from there. Three of them have one name outside. */
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
    /**
     * The money is held until its payee is here: until somebody proves the phone that it was sent
     * to, or has the card that they need to receive. To others it is as pending as the two before.
     */
    @JsonProperty("pending")
    UNCLAIMED,
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

    /** Whether it waits for somebody, and can be taken back. */
    boolean isWaiting() {
        return this == REQUIRES_CONFIRMATION || this == PENDING || this == UNCLAIMED;
    }

    /** Whether it may move yet. */
    boolean isUnderWay() {
        return isWaiting() || this == CHARGING;
    }

    /** Whether there is another state of that name outside, by which all are found. */
    boolean isHidden() {
        return this == CHARGING || this == UNCLAIMED;
    }

    boolean mayBecome(TransferState next) {
        return next().contains(next);
    }

    private Set<TransferState> next() {
        return switch (this) {
            case REQUIRES_CONFIRMATION ->
                    EnumSet.of(
                            PENDING, CHARGING, UNCLAIMED, COMPLETED, DECLINED, CANCELLED, EXPIRED);
            case PENDING ->
                    EnumSet.of(CHARGING, UNCLAIMED, COMPLETED, DECLINED, CANCELLED, EXPIRED);
            case CHARGING -> EnumSet.of(UNCLAIMED, COMPLETED, DECLINED);
            case UNCLAIMED -> EnumSet.of(PENDING, COMPLETED, DECLINED, CANCELLED, EXPIRED);
            case COMPLETED -> EnumSet.of(REFUNDED);
            case DECLINED, CANCELLED, EXPIRED, REFUNDED -> EnumSet.noneOf(TransferState.class);
        };
    }
}
