package kvit.transfer;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import kvit.money.Money;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Shares of requests for money, kept elsewhere. All of it is called in the transaction that writes
 * the transfers, before any limit and any account is locked, or under a lock taken then.
 */
public interface AskedShares {

    /** Somebody wants to pay a share. */
    record Wish(ShareRef share, UUID payer, Money amount) {}

    /** What a transfer has become, as far as its share is concerned. */
    enum Standing {
        UNDER_WAY,
        PAID,
        CAME_TO_NOTHING
    }

    /** What has become of the transfer for a share. */
    record Change(ShareRef share, UUID transfer, Standing standing) {}

    /**
     * Why each may not be paid; null where it may. They are under lock from here on, and one share
     * is let through once in a list.
     */
    List<@Nullable Problem> refusals(List<Wish> wishes);

    /** So that whoever ends a transfer has the lock before those of accounts. */
    void lock(Collection<ShareRef> shares);

    /** Writes it down; of a transfer that was refused from the start, nothing. */
    void become(List<Change> changes);
}
