package kvit.card;

import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * A card as its owner has typed it in; only ever on its way to the processor.
 *
 * @param expiry the last month in which it is good
 * @param cvc the code on its back; passed on and kept nowhere
 * @param holder the name on it
 */
record CardDetails(CardNumber number, YearMonth expiry, @Nullable String cvc, String holder) {

    /** Neither code nor name: what is printed is logged sooner or later. */
    @Override
    public String toString() {
        return "CardDetails[number=" + number + "]";
    }
}
