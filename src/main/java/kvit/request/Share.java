package kvit.request;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What one person is to pay of a request; or what its asker bears of it.
 *
 * @param position its place in the order in which people were named; the asker's is the last
 * @param payer the asker, of their own
 * @param transfer that pays it, or is about to
 * @param remindedAt when last
 * @param remindAt when it is called to mind by itself; null where it is not
 * @param endedAt since when nothing is to be paid; null while it is open or being paid
 */
record Share(
        UUID id,
        int position,
        UUID payer,
        Money amount,
        ShareState state,
        @Nullable UUID transfer,
        @Nullable Instant remindedAt,
        @Nullable Instant remindAt,
        @Nullable Instant endedAt) {

    static Share open(UUID id, int position, UUID payer, Money amount, @Nullable Instant remindAt) {
        return new Share(id, position, payer, amount, ShareState.OPEN, null, null, remindAt, null);
    }

    static Share own(UUID id, int position, UUID asker, Money amount, Instant at) {
        return new Share(id, position, asker, amount, ShareState.OWN, null, null, null, at);
    }

    boolean isOwn() {
        return state == ShareState.OWN;
    }

    /** A transfer for it waits. */
    Share paying(UUID by) {
        return with(ShareState.PAYING, by, null);
    }

    Share paid(UUID by, Instant at) {
        return with(ShareState.PAID, by, at);
    }

    /** The transfer for it has come to nothing. */
    Share opened() {
        return with(ShareState.OPEN, null, null);
    }

    Share declined(Instant at) {
        return with(ShareState.DECLINED, null, at);
    }

    Share divided() {
        return with(ShareState.DIVIDED, null, endedAt);
    }

    Share cancelled(Instant at) {
        return with(ShareState.CANCELLED, null, at);
    }

    Share reminded(Instant at) {
        return new Share(id, position, payer, amount, state, transfer, at, null, endedAt);
    }

    Share raisedBy(Money more) {
        return new Share(
                id,
                position,
                payer,
                amount.plus(more),
                state,
                transfer,
                remindedAt,
                remindAt,
                endedAt);
    }

    private Share with(ShareState next, @Nullable UUID by, @Nullable Instant end) {
        return new Share(id, position, payer, amount, next, by, remindedAt, remindAt, end);
    }
}
