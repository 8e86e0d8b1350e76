package kvit.settlement;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import kvit.money.Currency;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** A source as it shall be; what is frozen while it waits for its second pair of eyes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SourceDraft(
        @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9-]{0,39}") String code,
        @NotBlank @Size(max = 100) String name,
        @NotNull SourceKind kind,
        @NotNull Format format,
        @Nullable Currency currency,
        @Nullable @Size(min = 1, max = 34) String account,
        @Nullable @Valid CsvProfile profile,
        @NotNull @Min(0) @Max(30) Integer expectedDays,
        @NotNull @Pattern(regexp = "[A-Z]{2}") String country,
        @NotNull Boolean active,
        @Nullable Boolean skipsNumbers) {

    /**
     * The next version of it.
     *
     * @param before the one that there is; null: none
     * @throws Problem VALIDATION_FAILED
     */
    SettlementSource checked(@Nullable SettlementSource before) {
        if ((kind == SourceKind.BANK) != (format == Format.CAMT053)) {
            throw GeneralProblem.invalid(
                    "/source/format", "is CAMT053 of a bank, and CSV of others");
        }
        if ((profile != null) != (format == Format.CSV)) {
            throw GeneralProblem.invalid("/source/profile", "is for CSV, and is needed there");
        }
        if (kind == SourceKind.BANK && active && account == null) {
            // Else the company's own money would count as what is there for customers.
            throw GeneralProblem.invalid("/source/account", "is needed of a bank");
        }
        if (before != null && before.kind() != kind) {
            // Files of it wait to be reconciled, as what they were when they came.
            throw GeneralProblem.invalid(
                    "/source/kind", "of a code stays what it is: take another code");
        }
        if (profile != null) {
            CsvForm.of(profile);
        }
        return new SettlementSource(
                code,
                before == null ? 1 : before.version() + 1,
                name,
                kind,
                format,
                currency,
                account,
                profile,
                expectedDays,
                country,
                active,
                Boolean.TRUE.equals(skipsNumbers));
    }
}
