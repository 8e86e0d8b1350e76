package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What one of its two people is told of a transfer. The rest stands in the transfer.
 *
 * @param direction {@code sent} or {@code received}
 * @param counterpartyId the other one; absent where there is none yet
 * @param refundOf the transfer that it gives back
 * @param reversedBy the refund by which we have taken it back
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TransferNotice(
        UUID transferId,
        String direction,
        @Nullable UUID counterpartyId,
        Money amount,
        @Nullable UUID refundOf,
        @Nullable UUID reversedBy,
        @Nullable String conversation,
        @Nullable Instant completedAt,
        @Nullable Instant expiresAt,
        @Nullable String declineCode) {

    static final String SENT = "sent";
    static final String RECEIVED = "received";

    /** Whether money has come in by it. */
    boolean isArrival() {
        return direction.equals(RECEIVED) && completedAt != null;
    }

    static TransferNotice of(TransferCompleted event, String direction) {
        return new TransferNotice(
                event.transfer(),
                direction,
                direction.equals(SENT) ? event.payee() : event.payer(),
                event.amount(),
                event.refundOf(),
                null,
                event.conversation(),
                event.completedAt(),
                null,
                null);
    }

    static TransferNotice of(TransferReversed event) {
        return new TransferNotice(
                event.transfer(),
                event.hasPaid() ? RECEIVED : SENT,
                event.other(),
                event.amount(),
                null,
                event.reversal(),
                null,
                null,
                null,
                null);
    }

    /** One that has moved nothing, and of which only its payer hears. */
    static TransferNotice sent(
            UUID transfer,
            @Nullable UUID payee,
            Money amount,
            @Nullable Instant expiresAt,
            @Nullable String declineCode) {
        return new TransferNotice(
                transfer, SENT, payee, amount, null, null, null, null, expiresAt, declineCode);
    }
}
