package kvit.payout;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import kvit.card.Card;
import kvit.card.Operation;
import kvit.card.Speed;
import kvit.money.Money;
import kvit.rules.Limit.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Money from somebody's wallet to a card of theirs.
 *
 * @param id of the posting that takes it out of the wallet as well
 * @param fee what was taken besides, for being quick
 * @param askedSpeed how fast it was wanted
 * @param speed how fast it is; slower than wanted where the processor was not able to, and then the
 *     fee was given back
 * @param reference the processor's name for the card; null where it is told nothing
 * @param push the processor's idempotency key
 * @param handOverAt when it is the processor's; its owner may take it back until it really is
 * @param sentAt when the last call that may have carried it was about to be made; null while
 *     nothing was sent for certain
 * @param name the processor's name for the push; null until it has said one
 * @param declineCode why it was refused or came back: the code of a problem, the processor's word,
 *     or one of ours
 * @param backAt when the money was back in the wallet
 */
record Payout(
        UUID id,
        UUID customer,
        UUID card,
        Money amount,
        Money fee,
        Speed askedSpeed,
        Speed speed,
        PayoutState state,
        @Nullable String declineCode,
        @Nullable String reference,
        UUID push,
        Instant handOverAt,
        @Nullable Instant sentAt,
        @Nullable String name,
        Instant estimatedAt,
        Instant createdAt,
        @Nullable Instant paidAt,
        @Nullable Instant backAt) {

    /** About to leave the wallet. */
    static Payout intended(
            UUID id,
            Card card,
            Money amount,
            Money fee,
            Speed speed,
            Instant createdAt,
            Instant handOverAt,
            Instant estimatedAt) {
        return new Payout(
                id,
                card.customer(),
                card.id(),
                amount,
                fee,
                speed,
                speed,
                PayoutState.IN_TRANSIT,
                null,
                card.wayOut() == null ? null : card.wayOut().reference(),
                id,
                handOverAt,
                null,
                null,
                estimatedAt,
                createdAt,
                null,
                null);
    }

    /** The record of a refusal: the processor never hears of it. */
    Payout refused(String code) {
        return new Payout(
                id,
                customer,
                card,
                amount,
                fee,
                askedSpeed,
                speed,
                PayoutState.DECLINED,
                code,
                null,
                push,
                handOverAt,
                null,
                null,
                estimatedAt,
                createdAt,
                null,
                null);
    }

    boolean isInTransit() {
        return state == PayoutState.IN_TRANSIT;
    }

    /** Whether its owner may take it back. */
    boolean isCancellable() {
        return isInTransit() && sentAt == null;
    }

    /** Whether it is slower than it was meant to be, and has cost nothing therefore. */
    boolean isSlowed() {
        return speed != askedSpeed;
    }

    /** What the fee is now: nothing where it was given back, or never taken. */
    Money feeNow() {
        var isTaken = !isSlowed() && (isInTransit() || state == PayoutState.PAID);
        return isTaken ? fee : Money.zero(amount.currency());
    }

    /**
     * What the processor is told; always the same under one id.
     *
     * <p>Since when is when it was to be handed over, and not when it was: that does not change
     * with each attempt.
     */
    Operation.Push operation() {
        return new Operation.Push(
                push,
                handOverAt,
                Objects.requireNonNull(reference, "told to the processor"),
                amount,
                speed);
    }

    /** What it is counted with for limits. */
    Tally tally() {
        return new Tally(customer, amount.currency(), kvit.rules.Operation.PAY_OUT);
    }

    ReturnedMoney.Origin origin() {
        return new ReturnedMoney.Origin(id, customer, amount.currency(), createdAt);
    }
}
