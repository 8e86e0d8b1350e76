package kvit.ledger;

import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What else has to hold for a posting: asked in its turn, before its funds are looked at, and told
 * when it was posted. So each posting of a list is decided on what the ones before it left, there
 * as here.
 */
public interface Proviso {

    /** Why the posting may not be; null where it may. */
    @Nullable Problem refusal(Posting posting);

    /** The posting is decided and will be written with the list. */
    void posted(Outcome outcome);
}
