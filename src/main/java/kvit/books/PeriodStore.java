package kvit.books;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import kvit.database.Statements;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/** The tables period and period_closing. */
final class PeriodStore {

    private static final String COLUMNS =
            "id, day, action, at, closed_by, approved_by, reason, totals, digest";

    private final Statements statements;

    PeriodStore(Statements statements) {
        this.statements = statements;
    }

    /** The last day that is closed; null while none is. */
    @Nullable LocalDate closedDay() {
        return closedDay("");
    }

    /** The same, for whoever closes a day: who posts into the past waits. */
    @Nullable LocalDate lockClosedDay() {
        return closedDay(" for update");
    }

    /** The same, and no day is closed until the end of the transaction. */
    @Nullable LocalDate keepClosedDay() {
        return closedDay(" for share");
    }

    private @Nullable LocalDate closedDay(String lock) {
        var found =
                statements.query(
                        "select cast(closed_before at time zone 'UTC' as date) from period" + lock,
                        in -> {},
                        row -> {
                            var before = row.getObject(1, LocalDate.class);
                            return before == null ? LocalDate.MIN : before.minusDays(1);
                        });
        var day = found.get(0);
        return day.equals(LocalDate.MIN) ? null : day;
    }

    /** Written with the lock on the state. */
    void record(Closing closing) {
        statements.update(
                """
                insert into period_closing (id, day, action, at, closed_by, approved_by, reason,
                                            totals, digest)
                values (?, cast(? as date), ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(closing.id())
                                .text(closing.day().toString())
                                .text(closing.action().name())
                                .time(closing.at())
                                .text(closing.closedBy())
                                .text(closing.approvedBy())
                                .text(closing.reason())
                                .text(closing.totals())
                                .bytes(Sha256.of(closing.totals())));
        var inForce = Verification.inForce(log());
        var last = inForce.isEmpty() ? null : inForce.get(inForce.size() - 1);
        statements.update(
                "update period set closed_before = ?",
                in -> in.time(last == null ? null : DayTotals.begin(last.day().plusDays(1))));
    }

    /** All of it, in order. */
    List<Closing> log() {
        return statements.query(
                "select " + COLUMNS + " from period_closing order by number",
                in -> {},
                PeriodStore::closing);
    }

    private static Closing closing(ResultSet row) throws SQLException {
        return new Closing(
                row.getObject(1, UUID.class),
                row.getObject(2, LocalDate.class),
                Closing.Action.valueOf(row.getString(3)),
                row.getTimestamp(4).toInstant(),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                HexFormat.of().formatHex(row.getBytes(9)));
    }
}
