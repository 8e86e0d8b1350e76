package kvit.topup;

import java.time.Instant;
import java.util.UUID;
import kvit.card.Operation;
import kvit.money.Money;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * A charge that could not become money here, or was for a transfer that came to nothing, and goes
 * back to its card.
 *
 * @param topUp that it was made for
 * @param charge the processor's name of the charge
 * @param refundName the processor's name of the refund; null until it has said one
 * @param asked how often the processor was asked for it
 */
record ChargeReturn(
        UUID topUp,
        UUID customer,
        String charge,
        Money amount,
        @Nullable String refundName,
        Instant createdAt,
        int asked) {

    /** Made once at random; all that matters is that it never changes. */
    private static final UUID SPACE = UUID.fromString("c6a7a7f5-3f0c-4f7d-9a0e-5d0f6d0a7b52");

    /** Follows from the top-up's id, so that whoever asks for it asks for the same one. */
    static UUID refundOf(UUID topUp) {
        return Ids.named(SPACE, topUp.toString());
    }

    /** The posting that puts it back where it came from, because the refund has failed. */
    static UUID failureOf(UUID topUp) {
        return Ids.named(SPACE, "failed/" + topUp);
    }

    /** What the processor is told; always the same of one charge. */
    Operation.Refund refund() {
        return new Operation.Refund(refundOf(topUp), createdAt, charge, amount);
    }
}
