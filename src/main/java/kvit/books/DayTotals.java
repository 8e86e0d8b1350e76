package kvit.books;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kvit.database.Parameters;
import kvit.database.Statements;

/** What was debited and credited, by day, kind of account and currency; and the table book_day. */
final class DayTotals {

    /**
     * Days are those of UTC.
     *
     * @param bookedOn the day that it counts for
     * @param recordedOn the day on which it was written
     */
    record Key(LocalDate bookedOn, LocalDate recordedOn, String kind, String currency) {}

    /** Minor units, both positive. */
    record Sums(long debit, long credit, long entries) {

        static final Sums NONE = new Sums(0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(
                    Math.addExact(debit, other.debit),
                    Math.addExact(credit, other.credit),
                    entries + other.entries);
        }

        static Sums of(long minor) {
            return new Sums(Math.max(0, -minor), Math.max(0, minor), 1);
        }
    }

    private record Row(Key key, Sums sums) {}

    private final Map<Key, Sums> totals = new HashMap<>();

    /** Entries without an account are counted nowhere, and found elsewhere. */
    void add(BookPosting posting) {
        var bookedOn = day(posting.effectiveAt());
        var recordedOn = day(posting.createdAt());
        for (var line : posting.lines()) {
            if (line.accountKind() != null && line.currency() != null) {
                totals.merge(
                        new Key(bookedOn, recordedOn, line.accountKind(), line.currency()),
                        Sums.of(line.minor()),
                        Sums::plus);
            }
        }
    }

    Map<Key, Sums> byKey() {
        return totals;
    }

    static LocalDate day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    static Instant begin(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    static DayTotals read(Statements statements) {
        var read = new DayTotals();
        statements.forEach(
                """
                select booked_on, recorded_on, kind, currency, debit, credit, entries from book_day
                """,
                in -> {},
                row ->
                        read.totals.put(
                                new Key(
                                        row.getObject(1, LocalDate.class),
                                        row.getObject(2, LocalDate.class),
                                        row.getString(3),
                                        row.getString(4)),
                                new Sums(row.getLong(5), row.getLong(6), row.getLong(7))));
        return read;
    }

    /** Adds these to what the table has. */
    void store(Statements statements) {
        var rows = new ArrayList<Row>();
        totals.forEach((key, sums) -> rows.add(new Row(key, sums)));
        if (rows.isEmpty()) {
            return;
        }
        statements.update(
                """
                insert into book_day (booked_on, recorded_on, kind, currency, debit, credit, entries)
                select cast(b as date), cast(r as date), k, c, d, t, n
                  from unnest(?, ?, ?, ?, ?, ?, ?) as x (b, r, k, c, d, t, n)
                on conflict (booked_on, recorded_on, kind, currency) do update
                   set debit = book_day.debit + excluded.debit,
                       credit = book_day.credit + excluded.credit,
                       entries = book_day.entries + excluded.entries
                """,
                in -> bind(in, rows));
    }

    private static void bind(Parameters in, List<Row> rows) {
        in.texts(rows, it -> it.key().bookedOn().toString())
                .texts(rows, it -> it.key().recordedOn().toString())
                .texts(rows, it -> it.key().kind())
                .texts(rows, it -> it.key().currency())
                .numbers(rows, it -> it.sums().debit())
                .numbers(rows, it -> it.sums().credit())
                .numbers(rows, it -> it.sums().entries());
    }
}
