package kvit.friend;

import static kvit.friend.FriendProblem.PERSON_IS_YOU;
import static kvit.friend.FriendProblem.TOO_MANY_BLOCKS;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.identity.Blocks;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Has nothing to do with somebody any more: no friendship, and nobody to each other from here on.
 */
@ApplicationScoped
class BlockPerson {

    private final FriendshipStore store;
    private final Blocks blocks;
    private final MoneyTransactions transactions;
    private final FriendConfig config;
    private final Clock clock;
    private final Ids ids;

    BlockPerson(
            FriendshipStore store,
            Blocks blocks,
            MoneyTransactions transactions,
            FriendConfig config,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.blocks = blocks;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Takes anybody's id, and nobody's: otherwise it would tell whether somebody is there who has
     * blocked the caller, or who has blocked whom first.
     *
     * @throws Problem PERSON_IS_YOU, TOO_MANY_BLOCKS
     */
    void block(UUID person, UUID other) {
        if (person.equals(other)) {
            throw PERSON_IS_YOU.because("You have named yourself.");
        }
        transactions.once(
                () -> {
                    inTransaction(person, other);
                    return true;
                });
    }

    private void inTransaction(UUID person, UUID other) {
        blocks.hold(person, other);
        if (blocks.stands(person, other)) {
            return;
        }
        if (blocks.count(person) >= config.blocksMax()) {
            throw TOO_MANY_BLOCKS
                    .because("Nobody blocks more than " + config.blocksMax() + " people.")
                    .with("blocksMax", config.blocksMax());
        }
        store.remove(person, other);
        blocks.add(person, other, ids.next(), clock.instant());
    }

    /** What was between the two before does not come back. */
    void unblock(UUID person, UUID other) {
        transactions.once(
                () -> {
                    blocks.remove(person, other);
                    return true;
                });
    }
}
