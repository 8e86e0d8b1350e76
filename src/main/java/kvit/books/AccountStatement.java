package kvit.books;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.money.Money;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What happened on an account: opening plus all lines of the period is closing.
 *
 * @param opening balance right before the period
 * @param closing balance at its end
 * @param items of this page, the oldest first
 */
record AccountStatement(
        AccountView account,
        Money opening,
        Money closing,
        List<Line> items,
        @Nullable String nextCursor) {

    @Schema(name = "AccountStatementLine")
    record Line(
            long sequence,
            UUID posting,
            String kind,
            Money amount,
            Money balanceAfter,
            Instant at,
            Instant effectiveAt) {}
}
