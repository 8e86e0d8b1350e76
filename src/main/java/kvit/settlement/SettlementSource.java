package kvit.settlement;

import com.fasterxml.jackson.annotation.JsonInclude;
import kvit.money.Currency;
import org.jspecify.annotations.Nullable;

/**
 * Who sends files, and how they are to be read.
 *
 * @param version one more with each change
 * @param currency null: each file says so itself
 * @param account the bank account, needed of a bank that is active: what its statements close with
 *     is what is there for customers
 * @param profile null where the format says everything
 * @param expectedDays after how many business days what has happened is in a file
 * @param country of which these are business days
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SettlementSource(
        String code,
        int version,
        String name,
        SourceKind kind,
        Format format,
        @Nullable Currency currency,
        @Nullable String account,
        @Nullable CsvProfile profile,
        int expectedDays,
        String country,
        boolean active) {

    /** Whether both are banks at work, of one account and currency. */
    boolean sharesAccountWith(SettlementSource other) {
        return isAtWork(this)
                && isAtWork(other)
                && account != null
                && account.equals(other.account)
                && (currency == null || other.currency == null || currency == other.currency);
    }

    private static boolean isAtWork(SettlementSource source) {
        return source.active && source.kind == SourceKind.BANK;
    }
}
