package kvit.card;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import kvit.ledger.Posting;
import kvit.money.Money;
import kvit.rules.Limit.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Money from a card into its owner's wallet.
 *
 * @param id of the posting as well, and the processor's idempotency key
 * @param declineCode why not: the code of a problem, the processor's own word, or one of ours
 * @param reference the processor's name for the card; null where it is told nothing
 * @param sentAt when the last call that may have carried it was about to be made; null while
 *     nothing was sent for certain
 * @param name the processor's name for the charge; null until it has said one
 */
record TopUp(
        UUID id,
        UUID customer,
        UUID card,
        Money amount,
        TopUpState state,
        @Nullable String declineCode,
        @Nullable String reference,
        @Nullable Instant sentAt,
        @Nullable String name,
        Instant createdAt,
        @Nullable Instant completedAt) {

    /** About to be sent. */
    static TopUp intended(
            UUID id,
            UUID customer,
            UUID card,
            Money amount,
            @Nullable String reference,
            Instant at) {
        return new TopUp(
                id,
                customer,
                card,
                amount,
                TopUpState.PENDING,
                null,
                reference,
                at,
                null,
                at,
                null);
    }

    boolean isPending() {
        return state == TopUpState.PENDING;
    }

    /** What the processor is told; always the same of one top-up. */
    Operation charge() {
        return new Operation.Charge(
                id, createdAt, Objects.requireNonNull(reference, "told to the processor"), amount);
    }

    Posting posting(Instant at) {
        return Posting.topUp(id, at, customer, amount);
    }

    /** What it is counted with for limits. */
    Tally tally() {
        return new Tally(customer, amount.currency(), kvit.rules.Operation.TOP_UP);
    }

    /** The record of a refusal of ours: the processor never hears of it. */
    TopUp refused(String code) {
        return new TopUp(
                id,
                customer,
                card,
                amount,
                TopUpState.DECLINED,
                code,
                null,
                null,
                null,
                createdAt,
                null);
    }

    TopUp sent(@Nullable Instant at) {
        return new TopUp(
                id,
                customer,
                card,
                amount,
                state,
                declineCode,
                reference,
                at,
                name,
                createdAt,
                completedAt);
    }

    TopUp named(String name) {
        return new TopUp(
                id,
                customer,
                card,
                amount,
                state,
                declineCode,
                reference,
                sentAt,
                name,
                createdAt,
                completedAt);
    }

    TopUp completed(String name, Instant at) {
        return new TopUp(
                id,
                customer,
                card,
                amount,
                TopUpState.COMPLETED,
                null,
                reference,
                sentAt,
                name,
                createdAt,
                at);
    }

    TopUp declined(String code) {
        return new TopUp(
                id,
                customer,
                card,
                amount,
                TopUpState.DECLINED,
                code,
                reference,
                sentAt,
                name,
                createdAt,
                null);
    }
}
