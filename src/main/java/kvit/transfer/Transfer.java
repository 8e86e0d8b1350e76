package kvit.transfer;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.Visibility;
import kvit.ledger.Posting;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money on its way from one person to another, or the record that it was refused. A refund is a
 * transfer too, in the other direction.
 *
 * @param payee null where the payee could not be found
 * @param declineCode the problem's code; only of a declined one
 * @param refundOf the transfer whose money this one gives back
 * @param refunded minor units that were given back of this one
 */
record Transfer(
        UUID id,
        UUID payer,
        @Nullable UUID payee,
        Money amount,
        @Nullable String note,
        Visibility visibility,
        @Nullable String reference,
        @Nullable String conversation,
        TransferState state,
        @Nullable String declineCode,
        @Nullable UUID refundOf,
        long refunded,
        Instant createdAt,
        @Nullable Instant completedAt) {

    boolean isVisibleTo(UUID person) {
        return person.equals(payer) || (person.equals(payee) && state != TransferState.DECLINED);
    }

    /** What moves when it is completed, under the same id, so that it cannot move twice. */
    Posting posting(String kind) {
        return Posting.of(id, kind, createdAt, payer, Objects.requireNonNull(payee), amount);
    }

    Money left() {
        return amount.minus(new Money(refunded, amount.currency()));
    }

    /** A refund is not given back: its payee would send a transfer of their own. */
    boolean isRefundable() {
        return state != TransferState.DECLINED && refundOf == null;
    }

    Transfer completed(Instant at) {
        return with(TransferState.COMPLETED, null, refunded, at);
    }

    Transfer declined(String code) {
        return with(TransferState.DECLINED, code, refunded, null);
    }

    Transfer refundedBy(Money refund) {
        var sum = refunded + refund.minor();
        return with(
                sum == amount.minor() ? TransferState.REFUNDED : state,
                declineCode,
                sum,
                completedAt);
    }

    private Transfer with(
            TransferState newState,
            @Nullable String newDeclineCode,
            long newRefunded,
            @Nullable Instant newCompletedAt) {
        return new Transfer(
                id,
                payer,
                payee,
                amount,
                note,
                visibility,
                reference,
                conversation,
                newState,
                newDeclineCode,
                refundOf,
                newRefunded,
                createdAt,
                newCompletedAt);
    }
}
