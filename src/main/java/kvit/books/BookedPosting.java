package kvit.books;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.ledger.PostingView;
import org.jspecify.annotations.Nullable;

/**
 * A posting as it stands in the books, with what came of it there.
 *
 * @param id also the id of what caused it: of a transfer by that kind, of a top-up, of a payout
 * @param effectiveAt the moment it counts for
 * @param createdAt when it was written
 * @param reverses the posting that it takes back
 * @param reversedBy the posting that takes it back
 * @param seal number of the link of the chain that has it; null while none has
 * @param entries amounts are signed: a credit is positive
 */
record BookedPosting(
        UUID id,
        String kind,
        Instant effectiveAt,
        Instant createdAt,
        @Nullable UUID reverses,
        @Nullable UUID reversedBy,
        @Nullable Long seal,
        List<PostingView.Line> entries) {

    static BookedPosting of(PostingView posting, @Nullable UUID reversedBy, @Nullable Long seal) {
        return new BookedPosting(
                posting.id(),
                posting.kind(),
                posting.effectiveAt(),
                posting.createdAt(),
                posting.reverses(),
                reversedBy,
                seal,
                posting.entries());
    }
}
