package kvit.card;

import java.util.Set;
import java.util.UUID;

/**
 * What was posted, by the processor's names for it, for whoever compares its files with the books.
 * Of a charge that is its own id, which is the posting's as well, so nobody has to ask.
 *
 * @param reference our id, as the processor was given it
 * @param names of its own
 */
public record Named(UUID posting, String reference, Set<String> names) {}
