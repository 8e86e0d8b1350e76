package kvit.ledger;

import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What else has to hold for a posting or a promise: asked in its turn, before its funds are looked
 * at, and told when something was posted. So each one of a list is decided on what the ones before
 * it left, there as here. A promise moves nothing, so of that nobody is told.
 */
public interface Proviso {

    /** Why it may not be; null where it may. */
    @Nullable Problem refusal(Move move);

    /**
     * What is decided in its place, where it may be: some have to be promised before they are
     * posted, depending on those before. Of the same id, and of no other accounts.
     */
    default Move instead(Move move) {
        return move;
    }

    /** The posting is decided and will be written with the list. */
    void posted(Outcome outcome);
}
