package kvit.card;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Something that the processor tells by itself, when it happens. It may tell it twice, late, or in
 * another order than it happened in; so a notice is a reason to look, and never the only proof.
 */
public sealed interface Notice {

    /**
     * A notice as it came in.
     *
     * @param processor who told it
     * @param id the processor's name for it: a second delivery has the same
     * @param at when it happened, by the processor's clock
     */
    record Delivery(String processor, String id, Instant at, Notice notice) {}

    /**
     * A charge has gone through.
     *
     * @param operation the id that we gave it
     * @param name the processor's name of the charge
     */
    record ChargeSettled(UUID operation, String name, Money amount) implements Notice {}

    /** A charge was declined; the code is the processor's word for why. */
    record ChargeFailed(UUID operation, String name, String code) implements Notice {}

    /**
     * The cardholder contests a charge, and the money has been taken back: no mere question of the
     * issuer's. One dispute is one of these, however many notices tell it.
     *
     * @param name the processor's name of the charge
     * @param dispute the processor's name of the dispute
     * @param amount what is contested, which may be less than the charge, or more
     * @param reason the card scheme's word for why
     * @param evidenceDueBy until when the processor takes what speaks for us; null where it does
     *     not say so
     */
    record Chargeback(
            String name,
            String dispute,
            Money amount,
            String reason,
            @Nullable Instant evidenceDueBy)
            implements Notice {

        /** Of which nobody says until when it may be answered. */
        public Chargeback(String name, String dispute, Money amount, String reason) {
            this(name, dispute, amount, reason, null);
        }
    }

    /**
     * The money that a dispute had taken is given back to us. It may be told before the {@link
     * Chargeback} of the same dispute.
     *
     * @param name the processor's name of the charge
     * @param dispute the processor's name of the dispute
     * @param amount as with the chargeback
     */
    record ChargebackReversed(String name, String dispute, Money amount) implements Notice {}

    /** A refund has gone through; it may still fail afterwards. */
    record RefundSettled(UUID operation, String name) implements Notice {}

    /** A refund came to nothing, sometimes after it was said to be done: the money is back here. */
    record RefundFailed(UUID operation, String name, String code) implements Notice {}

    /** Money that went out has arrived. */
    record PayoutPaid(UUID operation, String name) implements Notice {}

    /** Money that went out comes back, sometimes after it was said to have arrived. */
    record PayoutFailed(UUID operation, String name, String code) implements Notice {}

    /** Nothing that Kvit acts on, or not about anything of Kvit's. */
    record Ignored(String type) implements Notice {}
}
