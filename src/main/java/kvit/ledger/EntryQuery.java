package kvit.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which statement lines.
 *
 * @param from not before; null is from the beginning
 * @param to before; null is until now
 * @param after the last line of the page before this one; null for the first page
 */
public record EntryQuery(
        @Nullable Instant from, @Nullable Instant to, @Nullable Position after, int limit) {

    /** A place in a statement that runs over several accounts. */
    public record Position(Instant at, UUID account, long sequence) {}
}
