package kvit.reconcile;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A break of an earlier run whose money sits in suspense, and that may be explained by now.
 *
 * @param id of the break
 * @param line that it is about
 * @param isOfBank whether that is an entry of the bank
 * @param minor what is parked: positive in what nobody has claimed, negative in what is short
 * @param item what it names of ours; null where it names nothing
 */
record Parked(UUID id, Fault fault, Line line, boolean isOfBank, long minor, @Nullable UUID item) {

    /** Whether it was one too many, and is not any more when one more of them is expected. */
    boolean mayBeAnother() {
        return fault == Fault.DUPLICATE_LINE;
    }

    /** Whether it may still be what we expect: a duplicate and a wrong amount are what they are. */
    boolean mayBeExpected() {
        return switch (fault) {
            case UNKNOWN_EXTERNAL, AMBIGUOUS, DIRECTION_MISMATCH, CURRENCY_MISMATCH -> true;
            default -> false;
        };
    }
}
