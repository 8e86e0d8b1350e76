package kvit.ledger;

import java.time.Instant;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What became of one posting or promise of a list. A refused one leaves nothing behind and hurts no
 * other.
 *
 * @param at when it was written: never earlier than the entry before it on any of its accounts
 * @param refusal why it was not written; null when it was
 */
public record Outcome(Move move, Instant at, @Nullable Problem refusal) {

    /** Whether it was written: posted, or held. */
    public boolean isPosted() {
        return refusal == null;
    }
}
