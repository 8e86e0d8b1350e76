package kvit.sandbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import kvit.money.Currency;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What shall be wrong with the next files.
 *
 * @param currency in the files of which currency; null: in those of the first that has any
 * @param reference our id of what it shall befall; null: the first charge that nothing befalls yet
 * @param minor by how many minor units an amount shall be off; 100 where nothing is said
 */
record SettlementFault(
        @NotNull Kind kind,
        @Nullable Currency currency,
        @Nullable UUID reference,
        @Nullable @Min(1) @Max(1_000_000) Long minor) {

    @Schema(name = "SettlementFaultKind")
    enum Kind {
        /** A line says less than there was. */
        AMOUNT_OFF,
        /** A line names another currency, and is not paid. */
        CURRENCY_WRONG,
        /** A line is taken where it should be given. */
        DIRECTION_FLIPPED,
        /** A line is there twice, and paid twice. */
        DUPLICATE_LINE,
        /** A line is about nothing of ours, and paid. */
        UNKNOWN_LINE,
        /** A line comes only with the next file. */
        MISSING_LINE,
        /** The payout is not what the lines come to. */
        BATCH_TOTAL_WRONG,
        /** The processor's file is cut off. */
        TRUNCATED_FILE,
        /** The statement does not open with what the one before has closed with. */
        BALANCE_GAP,
        /** The statement is cut off. */
        TRUNCATED_STATEMENT;

        boolean isOfALine() {
            return this == AMOUNT_OFF
                    || this == CURRENCY_WRONG
                    || this == DIRECTION_FLIPPED
                    || this == DUPLICATE_LINE
                    || this == MISSING_LINE;
        }
    }

    long off() {
        return minor == null ? 100 : minor;
    }
}
