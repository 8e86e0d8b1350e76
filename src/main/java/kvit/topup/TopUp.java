package kvit.topup;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import kvit.card.Operation;
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
 * @param sending the last call that may have carried it; null while nothing was sent for certain
 * @param name the processor's name for the charge; null until it has said one
 * @param transfer that it is charged for; null where the money is to stay in the wallet
 */
record TopUp(
        UUID id,
        UUID customer,
        UUID card,
        Money amount,
        TopUpState state,
        @Nullable String declineCode,
        @Nullable String reference,
        @Nullable Sending sending,
        @Nullable String name,
        Instant createdAt,
        @Nullable Instant completedAt,
        @Nullable UUID transfer) {

    /**
     * One call that carries it.
     *
     * @param by whoever makes it: new for each, so that it is told from every other one
     * @param at when that was about to be made
     */
    record Sending(UUID by, Instant at) {}

    /** About to be sent. */
    static TopUp intended(
            UUID id,
            UUID customer,
            UUID card,
            Money amount,
            @Nullable String reference,
            Sending sending) {
        return new TopUp(
                id,
                customer,
                card,
                amount,
                TopUpState.PENDING,
                null,
                reference,
                sending,
                null,
                sending.at(),
                null,
                null);
    }

    /** The same for a transfer. */
    TopUp payingFor(UUID paidTransfer) {
        return new TopUp(
                id,
                customer,
                card,
                amount,
                state,
                declineCode,
                reference,
                sending,
                name,
                createdAt,
                completedAt,
                paidTransfer);
    }

    boolean isPending() {
        return state == TopUpState.PENDING;
    }

    /** Whether this very call is the last one that may have carried it. */
    boolean isSentBy(@Nullable Sending call) {
        return sending != null && sending.equals(call);
    }

    /** What the processor is told; always the same of one top-up. */
    Operation.Charge charge() {
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
        return with(TopUpState.DECLINED, code, null, null, name, null);
    }

    TopUp sent(@Nullable Sending by) {
        return with(state, declineCode, reference, by, name, completedAt);
    }

    TopUp named(String newName) {
        return with(state, declineCode, reference, sending, newName, completedAt);
    }

    TopUp completed(String newName, Instant at) {
        return with(TopUpState.COMPLETED, null, reference, sending, newName, at);
    }

    TopUp declined(String code) {
        return with(TopUpState.DECLINED, code, reference, sending, name, null);
    }

    private TopUp with(
            TopUpState newState,
            @Nullable String newDeclineCode,
            @Nullable String newReference,
            @Nullable Sending newSending,
            @Nullable String newName,
            @Nullable Instant newCompletedAt) {
        return new TopUp(
                id,
                customer,
                card,
                amount,
                newState,
                newDeclineCode,
                newReference,
                newSending,
                newName,
                createdAt,
                newCompletedAt,
                transfer);
    }
}
