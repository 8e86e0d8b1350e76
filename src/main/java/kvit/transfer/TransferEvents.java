package kvit.transfer;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import kvit.outbox.Event;

/** The event of what has just become of a transfer. */
final class TransferEvents {

    private TransferEvents() {}

    static Event of(Transfer transfer) {
        return switch (transfer.state()) {
            case REQUIRES_CONFIRMATION ->
                    new TransferAwaitsConfirmation(
                            transfer.id(),
                            transfer.payer(),
                            transfer.payee(),
                            transfer.amount(),
                            expiresAt(transfer));
            case PENDING ->
                    new TransferAwaitsReview(
                            transfer.id(),
                            transfer.payer(),
                            transfer.payee(),
                            transfer.amount(),
                            expiresAt(transfer));
            case UNCLAIMED ->
                    new TransferAwaitsPayee(
                            transfer.id(),
                            transfer.payer(),
                            transfer.payee(),
                            transfer.amount(),
                            expiresAt(transfer));
            case COMPLETED ->
                    new TransferCompleted(
                            transfer.id(),
                            transfer.payer(),
                            payee(transfer),
                            transfer.amount(),
                            transfer.refundOf(),
                            transfer.conversation(),
                            Objects.requireNonNull(transfer.completedAt()));
            case DECLINED ->
                    new TransferDeclined(
                            transfer.id(),
                            transfer.payer(),
                            transfer.amount(),
                            Objects.requireNonNull(transfer.declineCode()));
            case CANCELLED ->
                    new TransferCancelled(
                            transfer.id(), transfer.payer(), transfer.payee(), transfer.amount());
            case EXPIRED ->
                    new TransferExpired(
                            transfer.id(), transfer.payer(), transfer.payee(), transfer.amount());
            case CHARGING ->
                    throw new IllegalStateException(
                            "nobody is told of it before its end: " + transfer.id());
            case REFUNDED ->
                    throw new IllegalStateException("the refund has an event: " + transfer.id());
        };
    }

    private static UUID payee(Transfer transfer) {
        return Objects.requireNonNull(transfer.payee(), "nothing moves to nobody");
    }

    private static Instant expiresAt(Transfer transfer) {
        return Objects.requireNonNull(transfer.expiresAt(), "what waits has an end");
    }
}
