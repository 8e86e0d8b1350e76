package kvit.ledger;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money that is to be held until a posting captures it or it is released.
 *
 * @param id the hold's: the id of what caused it
 * @param expiresAt when the hold ends by itself; null is never
 */
public record Promise(UUID id, Account account, Money amount, @Nullable Instant expiresAt)
        implements Move {

    /**
     * Checks that the amount can be promised.
     *
     * @throws IllegalArgumentException when it is not positive, or of another currency than the
     *     account
     */
    public Promise {
        if (!amount.isPositive() || amount.currency() != account.currency()) {
            throw new IllegalArgumentException("cannot hold " + amount + " on " + account);
        }
    }

    @Override
    public Collection<Account> accounts() {
        return List.of(account);
    }

    /** The hold that it becomes when it is allowed. */
    Hold hold() {
        return new Hold(account.id(), id, amount, 0, Hold.State.PENDING, expiresAt);
    }
}
