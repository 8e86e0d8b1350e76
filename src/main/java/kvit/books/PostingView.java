package kvit.books;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A posting with all that it moved.
 *
 * @param id also the id of what caused it: of a transfer by that kind, of a top-up, of a payout
 * @param effectiveAt the moment it counts for
 * @param createdAt when it was written
 * @param reverses the posting that it takes back
 * @param reversedBy the posting that takes it back
 * @param seal number of the link of the chain that has it; null while none has
 */
record PostingView(
        UUID id,
        String kind,
        Instant effectiveAt,
        Instant createdAt,
        @Nullable UUID reverses,
        @Nullable UUID reversedBy,
        @Nullable Long seal,
        List<Line> lines) {

    record Line(
            UUID account,
            Account.Kind kind,
            @Nullable UUID owner,
            Side side,
            Money amount,
            long sequence,
            Money balanceAfter,
            Instant at) {}
}
