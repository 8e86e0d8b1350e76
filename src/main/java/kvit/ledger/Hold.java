package kvit.ledger;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money of one account that is promised and not gone: in the balance, not in the available balance.
 *
 * @param taken minor units that a posting took; the rest of a captured hold went back to available
 * @param expiresAt when it releases itself; null is never
 */
public record Hold(
        UUID account, UUID id, Money amount, long taken, State state, @Nullable Instant expiresAt) {

    /** Every state but PENDING is final. */
    public enum State {
        PENDING,
        CAPTURED,
        RELEASED,
        EXPIRED
    }

    /** As it is for the rest of the list in which it was captured. */
    Hold captured() {
        return new Hold(account, id, amount, taken, State.CAPTURED, expiresAt);
    }

    /** Past its time it is worth nothing, also before the sweep has written so. */
    boolean isPendingAt(Instant now) {
        return state == State.PENDING && (expiresAt == null || now.isBefore(expiresAt));
    }
}
