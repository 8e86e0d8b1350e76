package kvit.card;

import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * A card as its owner has typed it in; only ever on its way to the processor.
 *
 * @param expiry the last month in which it is good
 * @param cvc the code on its back; passed on and kept nowhere
 * @param holder the name on it
 * @param payee its owner, to be paid out to; null where nothing is to go out to it
 */
record CardDetails(
        CardNumber number,
        YearMonth expiry,
        @Nullable String cvc,
        String holder,
        @Nullable Payee payee) {

    CardDetails(CardNumber number, YearMonth expiry, @Nullable String cvc, String holder) {
        this(number, expiry, cvc, holder, null);
    }

    /** Neither code nor name: what is printed is logged sooner or later. */
    @Override
    public String toString() {
        return "CardDetails[number=" + number + "]";
    }
}
