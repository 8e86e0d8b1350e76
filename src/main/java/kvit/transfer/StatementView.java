package kvit.transfer;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.identity.PersonView;
import kvit.money.Money;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A statement: for each currency, opening plus all lines of the period is closing.
 *
 * @param items newest first
 * @param opening balances right before the period
 * @param closing balances at its end
 */
record StatementView(
        List<Line> items, @Nullable String nextCursor, List<Money> opening, List<Money> closing) {

    /**
     * One line.
     *
     * @param postingId the id of what caused it, such as a transfer; of what gives a payout or its
     *     fee back, or ends a dispute, an id of its own
     */
    @Schema(name = "StatementLine")
    record Line(
            long sequence,
            UUID postingId,
            String kind,
            Money amount,
            Money balanceAfter,
            Instant at,
            @Nullable PersonView counterparty,
            @Nullable String note) {}
}
