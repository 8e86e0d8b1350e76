package kvit.ledger;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.money.Money;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A posting as it stands in the books.
 *
 * @param effectiveAt when it counts for accounting
 * @param createdAt when it was written
 * @param reverses the posting that it takes back; null of one that takes none back
 */
public record PostingView(
        UUID id,
        String kind,
        Instant effectiveAt,
        Instant createdAt,
        @Nullable UUID reverses,
        List<Line> entries) {

    /**
     * One line of it.
     *
     * @param kind of the account
     * @param owner whose account it is; null of one that is nobody's
     * @param amount signed: a credit is positive
     * @param balanceAfter of the account
     */
    @Schema(name = "PostingLine")
    public record Line(
            UUID account,
            Account.Kind kind,
            @Nullable UUID owner,
            long sequence,
            Money amount,
            Money balanceAfter,
            Instant at) {}
}
