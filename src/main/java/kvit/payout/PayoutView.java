package kvit.payout;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import kvit.card.Speed;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What its owner sees of a payout.
 *
 * @param fee what it costs on top of the amount; nothing once it was given back
 * @param speed how fast it goes
 * @param requestedSpeed how fast it was wanted; where that was faster, the fee was given back
 * @param estimatedArrival the latest that it is expected on the card: a standard one at the end of
 *     a business day of its owner's country
 * @param cancellable whether it may be taken back now
 * @param cancellableUntil for how long at least, if it was not handed over; absent where it cannot
 *     be taken back
 * @param paidAt since when it has arrived; absent where it has not
 * @param returnedAt since when it is back in the wallet; absent unless it came back
 * @param cancelledAt since when it is back in the wallet; absent unless it was taken back
 * @param declineCode why it was refused, was stopped by us or came back, such as {@code
 *     funds_contested}, for a dispute; absent otherwise
 */
record PayoutView(
        UUID id,
        PayoutState state,
        UUID cardId,
        Money amount,
        Money fee,
        Speed speed,
        Speed requestedSpeed,
        Instant estimatedArrival,
        boolean cancellable,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant cancellableUntil,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant paidAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant returnedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant cancelledAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String declineCode) {

    static PayoutView of(Payout payout) {
        return new PayoutView(
                payout.id(),
                payout.state(),
                payout.card(),
                payout.amount(),
                payout.feeNow(),
                payout.speed(),
                payout.askedSpeed(),
                payout.estimatedAt(),
                payout.isCancellable(),
                payout.isCancellable() ? payout.handOverAt() : null,
                payout.createdAt(),
                payout.paidAt(),
                payout.state() == PayoutState.RETURNED ? payout.backAt() : null,
                payout.state() == PayoutState.CANCELLED ? payout.backAt() : null,
                payout.declineCode());
    }
}
