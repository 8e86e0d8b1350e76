package kvit.reconcile;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;
import kvit.money.Currency;
import kvit.settlement.LineType;
import org.jspecify.annotations.Nullable;

/**
 * Something of ours that the processor will settle.
 *
 * @param item the posting that made us expect it; of a charge that goes back the charge's id and
 *     the refund's
 * @param reference what the processor knows it by: our id
 * @param names what the processor calls it itself, where we know
 * @param minor positive where the processor owes us more by it
 * @param twin what takes it back: while neither has come, neither is missing
 */
record Expectation(
        UUID item,
        Currency currency,
        LineType type,
        String reference,
        Set<String> names,
        long minor,
        LocalDate bookedOn,
        @Nullable UUID twin) {

    static final Comparator<Expectation> ORDER =
            Comparator.comparing(Expectation::bookedOn).thenComparing(Expectation::item);
}
