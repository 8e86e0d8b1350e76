package kvit.sandbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.List;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * One batch: the processor's file about it, and the bank's statement of the day on which it came.
 *
 * @param payout what the processor pays for it; below zero where it takes
 * @param faults what is wrong with the two, and where
 */
record SettlementView(
        Currency currency,
        String batch,
        LocalDate bookedOn,
        Money payout,
        File processor,
        File bank,
        List<Injected> faults) {

    /**
     * @param source that it is to be uploaded for
     * @param corrected the same without what no reader would take; null where there is no such
     *     fault
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record File(String source, String name, String content, @Nullable String corrected) {}

    /**
     * @param file processor or bank
     * @param line its number in the processor's file, from 1; null of a file as a whole, and of a
     *     line that is not there
     * @param reference our id of what it befell
     * @param off what is too much, or too little where it is below zero; null of other faults
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Injected(
            SettlementFault.Kind kind,
            String file,
            @Nullable Integer line,
            @Nullable String reference,
            @Nullable Money off) {}
}
