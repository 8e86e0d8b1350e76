package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.settlement.LineType;
import org.jspecify.annotations.Nullable;

/** Reads what a run decides on, with one statement for each kind of thing. */
@ApplicationScoped
class Worlds {

    private static final String LINE =
            "l.file, l.line_no, f.source, l.type, l.reference, l.external, l.modification,"
                    + " l.currency, l.gross_minor, l.fee_minor, l.booked_on, l.batch, l.description";

    /**
     * Of a good file f. Of those that came before a batch was explained once, a second one about a
     * batch says what another one says.
     */
    static final String WAITS =
            """
            not exists (select from recon_file r where r.file = f.id)
            and (f.explains or f.opening_minor is not null
                 or not exists (select from settlement_file o
                                 where o.source = f.source and o.currency = f.currency
                                   and o.batch = f.batch and o.id <> f.id
                                   and o.state = 'VALIDATED' and o.opening_minor is null
                                   and (o.id < f.id
                                        or exists (select from recon_file r
                                                    where r.file = o.id))))
            """;

    /** A statement of all of a large file would take longer than statements may. */
    private static final int PORTION = 20_000;

    private final Database database;
    private final Expectations expectations;
    private final RuleSets ruleSets;

    Worlds(Database database, Expectations expectations, RuleSets ruleSets) {
        this.database = database;
        this.expectations = expectations;
        this.ruleSets = ruleSets;
    }

    /** How things stand for these files; those that were dealt with are left out. */
    World of(Currency currency, Collection<UUID> asked) {
        var files = files(currency, asked);
        var processors = files.stream().filter(it -> !it.isOfBank()).toList();
        var banks = files.stream().filter(World.File::isOfBank).toList();
        var lines = lines(processors);
        var payouts = new ArrayList<>(payoutsUnderWay(currency));
        lines.stream().filter(it -> it.type() == LineType.BANK_TRANSFER).forEach(payouts::add);
        var expected = expectations.of(currency);
        return new World(
                currency,
                ruleSets.newest(),
                files,
                lines,
                payouts,
                lines(banks),
                parked(currency),
                expected,
                expectations.elsewhere(strangers(lines, expected)));
    }

    /** Lines about nothing that is expected here, which are few. */
    private static List<Line> strangers(List<Line> lines, List<Expectation> expected) {
        var here = expected.stream().map(Expectation::reference).collect(Collectors.toSet());
        return lines.stream()
                .filter(it -> it.type() != LineType.BANK_TRANSFER)
                .filter(it -> it.reference() != null && !here.contains(it.reference()))
                .toList();
    }

    private List<World.File> files(Currency currency, Collection<UUID> asked) {
        return database.query(
                """
                select f.id, f.source, s.kind = 'BANK', f.booked_to
                  from settlement_file f
                  join settlement_source s on s.code = f.source
                 where f.id = any (?) and f.state = 'VALIDATED' and f.currency = ?
                   and
                """
                        + WAITS
                        + " order by f.received_at, f.id",
                in -> in.uuids(asked).text(currency.name()),
                row ->
                        new World.File(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                row.getBoolean(3),
                                row.getObject(4, LocalDate.class)));
    }

    /** Good files that nobody has dealt with, of days until then. */
    List<UUID> waiting(Currency currency, LocalDate upTo) {
        return database.query(
                """
                select f.id
                  from settlement_file f
                 where f.state = 'VALIDATED' and f.currency = ?
                   and (f.booked_to is null or f.booked_to <= cast(? as date))
                   and
                """
                        + WAITS
                        + " order by f.id",
                in -> in.text(currency.name()).text(upTo.toString()),
                row -> row.getObject(1, UUID.class));
    }

    /** Those of these that are good files of that currency, dealt with or not. */
    List<UUID> known(Currency currency, Collection<UUID> asked) {
        return database.query(
                """
                select id from settlement_file
                 where id = any (?) and state = 'VALIDATED' and currency = ?
                """,
                in -> in.uuids(asked).text(currency.name()),
                row -> row.getObject(1, UUID.class));
    }

    /** How many lines those of these have that nobody has dealt with. */
    long linesOf(Currency currency, Collection<UUID> asked) {
        return database.query(
                        """
                        select coalesce(sum(f.line_count), 0)
                          from settlement_file f
                         where f.id = any (?) and f.state = 'VALIDATED' and f.currency = ?
                           and
                        """
                                + WAITS,
                        in -> in.uuids(asked).text(currency.name()),
                        row -> row.getLong(1))
                .get(0);
    }

    /** In portions: what a file says does not change between two of them. */
    private List<Line> lines(List<World.File> files) {
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
                        + LINE
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
                row -> line(row, row.getBoolean(14)));
    }

    /** Payouts of processors that the bank has not shown; what was said twice is one. */
    List<Line> payoutsUnderWay(Currency currency) {
        return database.query(
                "select "
                        + LINE
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
                row -> line(row, false));
    }

    /** What they come to: what has left the processor and is not known to have arrived. */
    long sumUnderWay(Currency currency) {
        return payoutsUnderWay(currency).stream().mapToLong(it -> -it.net()).sum();
    }

    private List<Parked> parked(Currency currency) {
        return database.query(
                "select "
                        + LINE
                        + """
                        , b.id, b.type, b.is_bank, b.parked, b.item
                          from recon_break b
                          join settlement_line l on l.file = b.file and l.line_no = b.line_no
                          join settlement_file f on f.id = l.file
                         where b.currency = ? and b.state <> 'RESOLVED' and b.parked <> 0
                        """,
                in -> in.text(currency.name()),
                row ->
                        new Parked(
                                row.getObject(14, UUID.class),
                                Fault.valueOf(row.getString(15)),
                                line(row, false),
                                row.getBoolean(16),
                                row.getLong(17),
                                uuid(row, 18)));
    }

    private static @Nullable UUID uuid(ResultSet row, int column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    private static Line line(ResultSet row, boolean isRepeated) throws SQLException {
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
