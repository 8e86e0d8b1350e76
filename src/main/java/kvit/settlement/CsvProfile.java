package kvit.settlement;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a source's CSV are read.
 *
 * @param columns by what they are for, the name that each has in the header; what a header has
 *     besides is not read
 * @param types by the source's word for it, what a line is about; another word refuses the file
 * @param negative the types whose amounts are below zero, with {@link Signs#BY_TYPE}
 * @param dateFormat in the letters of {@link java.time.format.DateTimeFormatter}: {@code
 *     uuuu-MM-dd}
 * @param zone where the day of a line begins, for dates with a time and an offset
 * @param skipLines how many lines stand above the header
 * @param footer how the last line is told from the others; null where there is none
 * @param daysInParts whether, where no batch is named, several files may be about one day: of
 *     several merchants, or of a morning and an evening, each whole by itself; null: no
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CsvProfile(
        @NotNull @Size(max = 20) Map<@NotNull Column, @NotBlank String> columns,
        @NotNull @Size(max = 100) Map<@NotBlank String, @NotNull LineType> types,
        @NotNull Signs signs,
        @Nullable Set<@NotNull LineType> negative,
        @NotNull Amounts amounts,
        @NotBlank @Size(max = 40) String dateFormat,
        @NotBlank @Size(max = 40) String zone,
        @NotNull String delimiter,
        @NotNull String charset,
        int skipLines,
        @Nullable @Valid Footer footer,
        @Nullable Boolean daysInParts) {

    /** One whose days come as a whole. */
    public CsvProfile(
            Map<Column, String> columns,
            Map<String, LineType> types,
            Signs signs,
            @Nullable Set<LineType> negative,
            Amounts amounts,
            String dateFormat,
            String zone,
            String delimiter,
            String charset,
            int skipLines,
            @Nullable Footer footer) {
        this(
                columns,
                types,
                signs,
                negative,
                amounts,
                dateFormat,
                zone,
                delimiter,
                charset,
                skipLines,
                footer,
                null);
    }

    boolean splitsDays() {
        return Boolean.TRUE.equals(daysInParts);
    }

    /** What a column is for. */
    public enum Column {
        /** The number of the line, from 1 without gaps. */
        LINE,
        REFERENCE,
        EXTERNAL,
        MODIFICATION,
        TYPE,
        /** Signed, or unsigned with {@link Signs#BY_TYPE}. */
        GROSS,
        FEE,
        NET,
        /** Unsigned, with {@link Signs#DEBIT_CREDIT}: what the source takes from us. */
        GROSS_DEBIT,
        GROSS_CREDIT,
        NET_DEBIT,
        NET_CREDIT,
        CURRENCY,
        BOOKED_ON,
        VALUE_ON,
        BATCH,
        DESCRIPTION
    }

    /** How a line says in which direction its money goes. */
    public enum Signs {
        /** By a minus: what we owe the source is negative. */
        SIGNED,
        /** By its type; amounts have no sign. */
        BY_TYPE,
        /** By the column in which it stands; amounts have no sign. */
        DEBIT_CREDIT
    }

    /** How amounts are written. */
    public enum Amounts {
        /** {@code 12.50} */
        POINT,
        /** {@code 12,50} */
        COMMA,
        /** {@code 1250} */
        MINOR
    }

    /**
     * The last line, which begins with a word of its own and says how many lines there are and what
     * they come to.
     *
     * @param count in which column of it, from 1, the number of lines stands; null: nowhere
     * @param net in which column of it the sum of all net amounts stands, signed; null: nowhere
     * @param payoutMayLack whether a batch may be paid with a later one: then count and net are all
     *     that tells a whole file from one that was cut off; null: no
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Footer(
            @NotBlank @Size(max = 100) String marker,
            @Nullable Integer count,
            @Nullable Integer net,
            @Nullable Boolean payoutMayLack) {

        boolean lacksPayout() {
            return Boolean.TRUE.equals(payoutMayLack);
        }
    }

    @Nullable String name(Column column) {
        return columns.get(column);
    }
}
