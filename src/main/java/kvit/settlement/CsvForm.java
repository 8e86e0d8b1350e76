package kvit.settlement;

import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.settlement.CsvProfile.Column;
import kvit.settlement.CsvProfile.Signs;

/** A profile that can be read by: what of it is text has become what it means. */
record CsvForm(CsvProfile profile, DateTimeFormatter dates, ZoneId zone, Charset charset) {

    private static final int LINES_SKIPPED_MAX = 100;
    private static final int NAME_MAX = 100;

    /** Whatever has a sign in it that may not be lost: 30 November at a time with seconds. */
    private static final LocalDateTime SAMPLE = LocalDateTime.of(2026, 11, 30, 23, 59, 58);

    /** One byte or two per character, and none of them with a state to carry on. */
    private static final Set<String> CHARSETS =
            Set.of("UTF-8", "UTF-16", "ISO-8859-1", "ISO-8859-15", "windows-1252", "US-ASCII");

    /**
     * @throws Problem VALIDATION_FAILED where it cannot be read by
     */
    static CsvForm of(CsvProfile profile) {
        requireColumns(profile);
        requireTypes(profile);
        if (profile.delimiter().length() != 1 || "\"\r\n".contains(profile.delimiter())) {
            throw invalid("delimiter", "must be one character, and neither a quote nor a line end");
        }
        if (profile.amounts() == CsvProfile.Amounts.COMMA && ".".equals(profile.delimiter())) {
            throw invalid("delimiter", "must not be what amounts could have in them");
        }
        if (!CHARSETS.contains(profile.charset())) {
            throw invalid("charset", "must be one of " + CHARSETS.stream().sorted().toList());
        }
        if (profile.skipLines() < 0 || profile.skipLines() > LINES_SKIPPED_MAX) {
            throw invalid("skipLines", "must be 0 to " + LINES_SKIPPED_MAX);
        }
        var footer = profile.footer();
        if (footer != null && (isOut(footer.marker()) || isLow(footer))) {
            throw invalid("footer", "needs a marker, and columns that are counted from 1");
        }
        if (footer != null
                && footer.lacksPayout()
                && (footer.count() == null || footer.net() == null)) {
            throw invalid("footer", "needs count and net where a payout may lack");
        }
        var zone = zone(profile.zone());
        return new CsvForm(
                profile,
                dates(profile.dateFormat(), zone),
                zone,
                Charset.forName(profile.charset()));
    }

    boolean isNegative(LineType type) {
        var negative = profile.negative();
        return negative != null && negative.contains(type);
    }

    private static void requireColumns(CsvProfile profile) {
        var columns = profile.columns();
        var needed = EnumSet.of(Column.TYPE, Column.CURRENCY, Column.BOOKED_ON);
        var bySide = profile.signs() == Signs.DEBIT_CREDIT;
        var sides =
                EnumSet.of(
                        Column.GROSS_DEBIT,
                        Column.GROSS_CREDIT,
                        Column.NET_DEBIT,
                        Column.NET_CREDIT);
        for (var column : columns.keySet()) {
            if (isOut(columns.get(column))) {
                throw invalid("columns", column + " needs a name");
            }
            if (bySide ? column == Column.GROSS || column == Column.NET : sides.contains(column)) {
                throw invalid("columns", column + " has no meaning with " + profile.signs());
            }
        }
        if (!columns.keySet().containsAll(needed)) {
            throw invalid("columns", "must name " + needed);
        }
        if (!columns.containsKey(Column.REFERENCE) && !columns.containsKey(Column.EXTERNAL)) {
            throw invalid("columns", "must name what lines are about: REFERENCE or EXTERNAL");
        }
        for (var side :
                List.of(
                        List.of(Column.GROSS_DEBIT, Column.GROSS_CREDIT),
                        List.of(Column.NET_DEBIT, Column.NET_CREDIT))) {
            if (columns.containsKey(side.get(0)) != columns.containsKey(side.get(1))) {
                throw invalid("columns", "must name both of " + side);
            }
        }
        if (!columns.containsKey(bySide ? Column.NET_DEBIT : Column.NET)) {
            throw invalid("columns", "must name what is paid: the net amount");
        }
        if (columns.values().stream().distinct().count() < columns.size()) {
            throw invalid("columns", "must not read one column as two things");
        }
    }

    private static void requireTypes(CsvProfile profile) {
        if (!profile.types().containsValue(LineType.BANK_TRANSFER)) {
            throw invalid("types", "must have a word for BANK_TRANSFER: what a batch comes to");
        }
        if ((profile.signs() == Signs.BY_TYPE) != (profile.negative() != null)) {
            throw invalid("negative", "is for amounts whose sign is in their type, and only then");
        }
    }

    private static boolean isOut(String name) {
        return name.isBlank() || name.length() > NAME_MAX;
    }

    private static boolean isLow(CsvProfile.Footer footer) {
        var count = footer.count();
        var net = footer.net();
        return (count != null && count < 1) || (net != null && net < 1);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw invalid("zone", "must be a zone like Europe/Paris");
        }
    }

    /** Strict, so that 30 February is refused and not the 28th; a year is therefore {@code u}. */
    private static DateTimeFormatter dates(String pattern, ZoneId zone) {
        try {
            var format =
                    DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                            .withResolverStyle(ResolverStyle.STRICT);
            var moment = ZonedDateTime.of(SAMPLE, zone);
            var read =
                    format.parseBest(
                            format.format(moment),
                            ZonedDateTime::from,
                            LocalDateTime::from,
                            LocalDate::from);
            if (LocalDate.from(read).equals(SAMPLE.toLocalDate())) {
                return format;
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw invalid("dateFormat", "must be a day like uuuu-MM-dd");
        }
        throw invalid("dateFormat", "must be a day like uuuu-MM-dd");
    }

    private static Problem invalid(String field, String message) {
        return GeneralProblem.invalid("/profile/" + field, message);
    }
}
