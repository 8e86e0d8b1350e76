package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.settlement.LineType;

/** Lines of files as matching sees them: all of a file, and payouts that the bank has not shown. */
@ApplicationScoped
class FileLines {

    /** Of a line l of a file f. */
    static final String COLUMNS =
            "l.file, l.line_no, f.source, l.type, l.reference, l.external, l.modification,"
                    + " l.currency, l.gross_minor, l.fee_minor, l.booked_on, l.batch, l.description";

    /** A statement of all of a large file would take longer than statements may. */
    private static final int PORTION = 20_000;

    private final Database database;

    FileLines(Database database) {
        this.database = database;
    }

    /** In portions: what a file says does not change between two of them. */
    List<Line> of(List<World.File> files) {
        var all = new ArrayList<Line>();
        for (var file : files) {
            for (var last = 0; ; ) {
                var some = lines(file.id(), last);
                all.addAll(some);
                if (some.size() < PORTION) {
                    break;
                }
                last = some.get(some.size() - 1).key().number();
            }
        }
        return all;
    }

    private List<Line> lines(UUID file, int after) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                        , coalesce(o.is_repeated, false)
                          from settlement_line l
                          join settlement_file f on f.id = l.file
                          left join lateral (
                               select true as is_repeated
                                 from settlement_line s
                                cross join lateral (select true as is_known
                                                      from recon_line
                                                     where file = s.file and line_no = s.line_no
                                                     limit 1) r
                                where s.fingerprint = l.fingerprint
                                limit 1) o on true
                         where l.file = ? and l.line_no > ?
                         order by l.line_no
                         limit ?
                        """,
                in -> in.uuid(file).number(after).number(PORTION),
                row -> read(row, row.getBoolean(14)));
    }

    /** Payouts of processors that the bank has not shown; what was said twice is one. */
    List<Line> payoutsUnderWay(Currency currency) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                          from recon_line r
                          join settlement_line l on l.file = r.file and l.line_no = r.line_no
                          join settlement_file f on f.id = l.file
                         where r.match is null and not r.is_bank and l.type = 'BANK_TRANSFER'
                           and l.currency = ?
                           and not exists (select from recon_break b
                                            where b.file = r.file and b.line_no = r.line_no
                                              and b.type = 'DUPLICATE_LINE')
                        """,
                in -> in.text(currency.name()),
                row -> read(row, false));
    }

    /** By what these lines say that they are about. */
    Set<String> names(Collection<Line.Key> lines) {
        return Set.copyOf(
                database.query(
                        """
                        select distinct n.name
                          from unnest(?, cast(? as int[])) as k (file, line_no)
                          join settlement_line l on l.file = k.file and l.line_no = k.line_no
                         cross join lateral (values (l.reference), (l.external)) as n (name)
                         where n.name is not null
                        """,
                        in ->
                                in.uuids(lines, Line.Key::file)
                                        .numbers(lines, it -> (long) it.number()),
                        row -> row.getString(1)));
    }

    /** What they come to: what has left the processor and is not known to have arrived. */
    long sumUnderWay(Currency currency) {
        return payoutsUnderWay(currency).stream().mapToLong(it -> -it.net()).sum();
    }

    /** From {@link #COLUMNS}, which come first. */
    static Line read(ResultSet row, boolean isRepeated) throws SQLException {
        return new Line(
                new Line.Key(row.getObject(1, UUID.class), row.getInt(2)),
                row.getString(3),
                LineType.valueOf(row.getString(4)),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                Currency.valueOf(row.getString(8)),
                row.getLong(9),
                row.getLong(10),
                row.getObject(11, LocalDate.class),
                row.getString(12),
                row.getString(13),
                isRepeated);
    }
}
