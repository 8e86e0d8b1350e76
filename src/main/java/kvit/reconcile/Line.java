package kvit.reconcile;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.UUID;
import kvit.money.Currency;
import kvit.settlement.LineType;
import org.jspecify.annotations.Nullable;

/**
 * A line of a file, as matching sees it.
 *
 * @param gross positive where the processor owes us more by it, or the bank has received it
 * @param isRepeated whether a line that was dealt with before says the same
 */
record Line(
        Key key,
        String source,
        LineType type,
        @Nullable String reference,
        @Nullable String external,
        @Nullable String modification,
        Currency currency,
        long gross,
        long fee,
        LocalDate bookedOn,
        @Nullable String batch,
        @Nullable String description,
        boolean isRepeated) {

    /** Where it stands. */
    record Key(UUID file, int number) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::file).thenComparing(Key::number);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return file + "/" + number;
        }
    }

    /** That the oldest comes first: of two that say the same it is the one that counts. */
    static final Comparator<Line> ORDER =
            Comparator.comparing(Line::bookedOn).thenComparing(Line::key);

    long net() {
        return Math.subtractExact(gross, fee);
    }
}
