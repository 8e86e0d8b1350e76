package kvit.transfer;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.Visibility;
import kvit.ledger.Account;
import kvit.ledger.Move;
import kvit.ledger.Posting;
import kvit.ledger.Promise;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money on its way from one person to another, or the record that it was refused. A refund is a
 * transfer too, in the other direction.
 *
 * @param payee null where the payee could not be found, and while nobody has claimed it
 * @param phone E.164 that it was sent to; null where it was sent to somebody who was here
 * @param declineCode the problem's code; only of a declined one
 * @param refundOf the transfer whose money this one gives back
 * @param refunded minor units that were given back of this one
 * @param expiresAt until when it may wait; null of one that never waited
 * @param review whether somebody has to look at it before the money moves
 * @param funding of one that a card pays for; null where the wallet does
 * @param share what it is for; null where nobody has asked for it
 * @param awaited whether it has waited for its payee, and does not any more
 */
record Transfer(
        UUID id,
        UUID payer,
        @Nullable UUID payee,
        @Nullable String phone,
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
        @Nullable Instant completedAt,
        @Nullable Instant expiresAt,
        boolean review,
        @Nullable Funding funding,
        @Nullable ShareRef share,
        boolean awaited) {

    /**
     * To the payee it exists once it is completed: what may come to nothing promises nothing. What
     * waits for the payee themselves they see, and what becomes of it.
     */
    boolean isVisibleTo(UUID person) {
        return person.equals(payer)
                || (person.equals(payee)
                        && (completedAt != null
                                || phone != null
                                || awaited
                                || state == TransferState.UNCLAIMED));
    }

    /** What is asked of the books when it is made: the money moves, or is held while it waits. */
    Move move(String kind) {
        return state.isWaiting() ? promise() : posting(kind);
    }

    /** What moves when it is completed, under the same id, so that it cannot move twice. */
    Posting posting(String kind) {
        return posting(kind, createdAt);
    }

    /** The same of one that has waited: its money moves when it is completed. */
    Posting posting(String kind, Instant at) {
        return Posting.of(id, kind, at, payer, Objects.requireNonNull(payee), amount);
    }

    /** Without an end of its own: when it ends is said here, and the two might not agree. */
    Promise promise() {
        return new Promise(id, wallet(), held(), null);
    }

    /**
     * What its payer agrees to when they confirm it, RTS (EU) 2018/389, article 5: any change of it
     * is another transfer. Which card pays how much is among it, where one does.
     */
    String terms() {
        var named = phone == null ? String.valueOf(payee) : phone;
        var sent = payer + "/" + named + "/" + amount.minor() + "/" + amount.currency();
        return funding == null
                ? sent
                : sent + "/" + funding.card() + "/" + funding.charged().minor();
    }

    /** The payer's, which pays for it or holds the money. */
    Account wallet() {
        return Account.wallet(payer, amount.currency());
    }

    /** As it is made where a card is to pay for it at once: it is charged next. */
    Transfer chargedNext() {
        return with(TransferState.CHARGING, null, refunded, null, null, false);
    }

    /** It has waited for somebody's word, and its card is charged next. */
    Transfer charging() {
        return moved(TransferState.CHARGING);
    }

    /** The same under an id that its attempt knows, and with a card that is to pay. */
    Transfer as(UUID newId, Funding by) {
        return new Transfer(
                newId,
                payer,
                payee,
                phone,
                amount,
                note,
                visibility,
                reference,
                conversation,
                state,
                declineCode,
                refundOf,
                refunded,
                createdAt,
                completedAt,
                expiresAt,
                review,
                by,
                share,
                awaited);
    }

    /**
     * What is held in the wallet until it ends: all of it, or what a card does not pay, which may
     * be nothing.
     */
    Money held() {
        return funding == null ? amount : amount.minus(funding.charged());
    }

    boolean isPaidByCard() {
        return funding != null && funding.charged().isPositive();
    }

    Money left() {
        return amount.minus(new Money(refunded, amount.currency()));
    }

    /** A refund is not given back: its payee would send a transfer of their own. */
    boolean isRefundable() {
        return completedAt != null && refundOf == null;
    }

    /** Late is late, also before the sweep has written so. */
    boolean isWaitingAt(Instant now) {
        return state.isWaiting() && now.isBefore(Objects.requireNonNull(expiresAt));
    }

    /** As it is made where the rules demand more than the payer's word. */
    Transfer waiting(TransferState newState, Instant until, boolean withReview) {
        return with(newState, null, refunded, null, until, withReview);
    }

    /** As it is made where nothing waits. */
    Transfer completed(Instant at) {
        return with(TransferState.COMPLETED, null, refunded, at, expiresAt, review);
    }

    /** The record that it was refused when it was made. */
    Transfer declined(String code) {
        return with(TransferState.DECLINED, code, refunded, null, null, false);
    }

    /** It has waited for its confirmation, and waits for its review. */
    Transfer confirmed(Instant reviewUntil) {
        return moved(TransferState.PENDING).with(null, null, reviewUntil);
    }

    /** It has waited, and the money has moved. */
    Transfer settled(Instant at) {
        return moved(TransferState.COMPLETED).with(null, at, expiresAt);
    }

    /** It has waited, and may not be any more. */
    Transfer rejected(String code) {
        return moved(TransferState.DECLINED).with(code, null, expiresAt);
    }

    /** Whatever else it has waited for, it waits for its payee. */
    Transfer unclaimed(Instant until) {
        return moved(TransferState.UNCLAIMED).with(null, null, until);
    }

    /** Somebody has proved the phone that it was sent to: it is for nobody else from here on. */
    Transfer claimedBy(UUID claimant) {
        return with(claimant, state, declineCode, refunded, completedAt, expiresAt, review);
    }

    /** By whom it is paid is known, and somebody has to look at that. */
    Transfer toReview(Instant until) {
        return moved(TransferState.PENDING)
                .with(TransferState.PENDING, null, refunded, null, until, true);
    }

    Transfer cancelled() {
        return moved(TransferState.CANCELLED);
    }

    Transfer expired() {
        return moved(TransferState.EXPIRED);
    }

    Transfer refundedBy(Money refund) {
        var sum = refunded + refund.minor();
        var from = sum == amount.minor() ? moved(TransferState.REFUNDED) : this;
        return with(from.state, declineCode, sum, completedAt, expiresAt, review);
    }

    private Transfer moved(TransferState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(id + " is " + state + " and cannot be " + next);
        }
        return with(next, declineCode, refunded, completedAt, expiresAt, review);
    }

    private Transfer with(
            @Nullable String newDeclineCode,
            @Nullable Instant newCompletedAt,
            @Nullable Instant newExpiresAt) {
        return with(state, newDeclineCode, refunded, newCompletedAt, newExpiresAt, review);
    }

    private Transfer with(
            TransferState newState,
            @Nullable String newDeclineCode,
            long newRefunded,
            @Nullable Instant newCompletedAt,
            @Nullable Instant newExpiresAt,
            boolean newReview) {
        return with(
                payee,
                newState,
                newDeclineCode,
                newRefunded,
                newCompletedAt,
                newExpiresAt,
                newReview);
    }

    private Transfer with(
            @Nullable UUID newPayee,
            TransferState newState,
            @Nullable String newDeclineCode,
            long newRefunded,
            @Nullable Instant newCompletedAt,
            @Nullable Instant newExpiresAt,
            boolean newReview) {
        return new Transfer(
                id,
                payer,
                newPayee,
                phone,
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
                newCompletedAt,
                newExpiresAt,
                newReview,
                funding,
                share,
                awaited || (state == TransferState.UNCLAIMED && newState != state));
    }
}
