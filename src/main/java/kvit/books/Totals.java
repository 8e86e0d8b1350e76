package kvit.books;

import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import kvit.books.DayTotals.Sums;

/** What a closing writes down: the same books are always the same words. */
final class Totals {

    private Totals() {}

    /** Of all that is effective up to and with that day. */
    static String upTo(LocalDate day, DayTotals totals) {
        var lines = new TreeMap<String, Sums>();
        totals.byKey()
                .forEach(
                        (key, sums) -> {
                            if (!key.bookedOn().isAfter(day)) {
                                lines.merge(name(key.kind(), key.currency()), sums, Sums::plus);
                            }
                        });
        return text(lines);
    }

    static String name(String kind, String currency) {
        return kind + " " + currency;
    }

    static String text(Map<String, Sums> lines) {
        var text = new StringBuilder();
        new TreeMap<>(lines)
                .forEach(
                        (name, sums) ->
                                text.append(name)
                                        .append(' ')
                                        .append(sums.debit())
                                        .append(' ')
                                        .append(sums.credit())
                                        .append('\n'));
        return text.toString();
    }
}
