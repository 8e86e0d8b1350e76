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

/** Which files wait, and all that a run of them decides on. */
@ApplicationScoped
class Worlds {

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

    private final Database database;
    private final FileLines lines;
    private final Expectations expectations;
    private final RuleSets ruleSets;
    private final Unpaid unpaid;

    Worlds(
            Database database,
            FileLines lines,
            Expectations expectations,
            RuleSets ruleSets,
            Unpaid unpaid) {
        this.database = database;
        this.lines = lines;
        this.expectations = expectations;
        this.ruleSets = ruleSets;
        this.unpaid = unpaid;
    }

    /** How things stand for these files; those that were dealt with are left out. */
    World of(Currency currency, Collection<UUID> asked) {
        var files = files(currency, asked);
        var processors = files.stream().filter(it -> !it.isOfBank()).toList();
        var banks = files.stream().filter(World.File::isOfBank).toList();
        var all = lines.of(processors);
        var payouts = new ArrayList<>(lines.payoutsUnderWay(currency));
        all.stream().filter(it -> it.type() == LineType.BANK_TRANSFER).forEach(payouts::add);
        var expected = expectations.of(currency);
        return new World(
                currency,
                ruleSets.newest(),
                files,
                all,
                payouts,
                lines.of(banks),
                parked(currency),
                expected,
                expectations.elsewhere(strangers(all, expected)),
                unpaid.of(currency));
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

    private List<Parked> parked(Currency currency) {
        return database.query(
                "select "
                        + FileLines.COLUMNS
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
                                FileLines.read(row, false),
                                row.getBoolean(16),
                                row.getLong(17),
                                uuid(row, 18)));
    }

    private static @Nullable UUID uuid(ResultSet row, int column) throws SQLException {
        return row.getObject(column, UUID.class);
    }
}
