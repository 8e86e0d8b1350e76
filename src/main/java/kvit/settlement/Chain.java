package kvit.settlement;

import java.time.LocalDate;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Whether one statement goes on where another one has ended. The balances alone do not tell: of a
 * statement that lacks what has come and gone may be nothing.
 *
 * @param closing what the one before has closed with
 * @param number of it; null where the bank does not count
 * @param closedOn its day
 */
record Chain(Money closing, @Nullable Long number, LocalDate closedOn) {

    static Chain of(Statement before) {
        return new Chain(before.closing(), before.number(), before.closedOn());
    }

    /**
     * What is wrong with it; null where nothing is.
     *
     * @param skipsNumbers whether the bank counts with gaps
     */
    @Nullable String fault(Statement next, boolean skipsNumbers) {
        if (!closing.equals(next.opening())) {
            return "opens with %s, where the one before has closed with %s"
                    .formatted(next.opening(), closing);
        }
        // Not the day on which it opens: two of one day may both open with the day before.
        if (next.closedOn().isBefore(closedOn)) {
            return "closes on %s, where the one before has closed on %s"
                    .formatted(next.closedOn(), closedOn);
        }
        var isSameYear = closedOn.getYear() == next.closedOn().getYear();
        if (!isSameYear || number == null || next.number() == null) {
            return null;
        }
        if (skipsNumbers ? next.number() <= number : next.number() != number + 1) {
            return "has the number %d, where the one before has %d"
                    .formatted(next.number(), number);
        }
        return null;
    }
}
