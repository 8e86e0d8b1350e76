package kvit.closing;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.ledger.Balance;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * How far somebody has left.
 *
 * @param closesAfter it is not closed before, and may be withdrawn
 * @param waitsFor what has to come to its end
 * @param left what has to be paid out, or is still theirs
 */
record ClosingView(
        UUID id,
        ClosingState state,
        Instant askedAt,
        Instant closesAfter,
        @Nullable Instant closedAt,
        Set<Obstacle> waitsFor,
        List<Money> left) {

    static ClosingView of(Closing closing, Set<Obstacle> obstacles, List<Balance> balances) {
        return new ClosingView(
                closing.id(),
                closing.state(),
                closing.askedAt(),
                closing.closesAfter(),
                closing.closedAt(),
                obstacles,
                left(balances));
    }

    static List<Money> left(List<Balance> balances) {
        return balances.stream().map(Balance::balance).filter(Money::isPositive).toList();
    }
}
