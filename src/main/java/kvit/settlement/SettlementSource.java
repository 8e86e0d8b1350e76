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
 * @param skipsNumbers whether its statements are numbered with gaps; of a bank that counts without
 *     any, a number that lacks is a statement that lacks
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
        boolean active,
        boolean skipsNumbers) {

    /** One that counts without gaps, or not at all. */
    public SettlementSource(
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
        this(
                code,
                version,
                name,
                kind,
                format,
                currency,
                account,
                profile,
                expectedDays,
                country,
                active,
                false);
    }

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
