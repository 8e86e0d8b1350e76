package kvit.settlement;

import java.time.LocalDate;
import kvit.money.Money;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * One line of a file.
 *
 * @param number from 1, in the order of the file
 * @param reference our id for it, as the source was given it; null where it names none
 * @param external the source's own name for it; null where it has none
 * @param modification the source's name for a change of something that it has named before
 * @param gross positive where the source owes us more by it, or, in a statement, where the bank has
 *     received it
 * @param fee what the source keeps of it; net is gross less fee
 * @param valueOn from when it counts; null where the source does not say
 * @param batch the payout that it is part of
 */
public record SettlementLine(
        int number,
        LineType type,
        @Nullable String reference,
        @Nullable String external,
        @Nullable String modification,
        Money gross,
        Money fee,
        Money net,
        LocalDate bookedOn,
        @Nullable LocalDate valueOn,
        @Nullable String batch,
        @Nullable String description) {

    /**
     * The same for the same thing said twice by one source, in one file or in two. Null where the
     * source has no name for it, so that two monthly fees are not one.
     */
    public byte @Nullable [] fingerprint(String source) {
        if (external == null) {
            return null;
        }
        // None of them can have a line break in it.
        return Sha256.of(
                String.join(
                        "\n",
                        source,
                        external,
                        type.name(),
                        modification == null ? "" : modification));
    }
}
