package kvit.friend;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.identity.Blocks;
import kvit.ledger.MoneyTransactions;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Wants nothing of a friendship any more: takes back what was asked, declines, or ends it. The
 * other one is not told.
 */
@ApplicationScoped
class EndFriendship {

    private final FriendshipStore store;
    private final Blocks blocks;
    private final MoneyTransactions transactions;
    private final Clock clock;
    private final Ids ids;

    EndFriendship(
            FriendshipStore store,
            Blocks blocks,
            MoneyTransactions transactions,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.blocks = blocks;
        this.transactions = transactions;
        this.clock = clock;
        this.ids = ids;
    }

    /** With anybody's id, and nobody's: where there is nothing to be ended, it is ended. */
    void end(UUID person, UUID other) {
        transactions.once(
                () -> {
                    blocks.hold(person, other);
                    store.find(person, other).ifPresent(it -> end(it, person));
                    return true;
                });
    }

    private void end(Friendship before, UUID person) {
        var after = before.unwantedBy(person, ids.next(), clock.instant());
        if (after.isEmpty()) {
            store.remove(before.asker(), before.asked());
        } else if (!after.get().equals(before)) {
            store.put(after.get());
        }
    }
}
