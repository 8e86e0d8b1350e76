package kvit.reconcile;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;

/** Breaks as a table for people who calculate with them. */
final class BreakSheet {

    private static final List<String> HEADER =
            List.of(
                    "id",
                    "type",
                    "state",
                    "source",
                    "file",
                    "line",
                    "item",
                    "amount_minor",
                    "parked_minor",
                    "currency",
                    "booked_on",
                    "due_on",
                    "age",
                    "owner",
                    "resolution",
                    "resolved_at");

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");

    private BreakSheet() {}

    static String header() {
        return CSVFormat.RFC4180.format(HEADER.toArray()) + "\r\n";
    }

    /** One line. */
    static String row(BreakView it) {
        var amount = it.amount();
        var parked = it.parked();
        return CSVFormat.RFC4180.format(
                        safe(it.id()),
                        safe(it.type()),
                        safe(it.state()),
                        safe(it.source()),
                        safe(it.fileId()),
                        safe(it.lineNumber()),
                        safe(it.item()),
                        safe(amount == null ? null : amount.minor()),
                        safe(parked == null ? null : parked.minor()),
                        safe(amount == null ? null : amount.currency()),
                        safe(it.bookedOn()),
                        safe(it.dueOn()),
                        safe(it.age()),
                        safe(it.owner()),
                        safe(it.resolution()),
                        safe(it.resolvedAt()))
                + "\r\n";
    }

    /** A spreadsheet takes what begins so for a formula, and would run what a stranger wrote. */
    static String safe(@Nullable Object value) {
        var text = Objects.toString(value, "");
        return !text.isEmpty()
                        && "=+-@\t\r".indexOf(text.charAt(0)) >= 0
                        && !NUMBER.matcher(text).matches()
                ? "'" + text
                : text;
    }
}
