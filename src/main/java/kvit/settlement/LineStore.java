package kvit.settlement;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** The tables settlement_line and settlement_statement: what good files say. */
@ApplicationScoped
class LineStore {

    /**
     * Where a statement stands.
     *
     * @param chain of its account; several only where several sources had brought it, each its own
     * @param sequence from 1; 0 is before the first
     */
    record Place(int chain, int sequence) {

        static final Place START = new Place(1, 0);

        Place next() {
            return new Place(chain, sequence + 1);
        }
    }

    /** The end of an account's chain of statements. */
    record Last(Place place, Money closing, @Nullable Long number, LocalDate closedOn) {}

    private static final String STATEMENT =
            "account, name, number, opening_minor, closing_minor, opened_on, closed_on, line_count,"
                    + " currency";

    /** Of files without a batch, those that are about the same days. */
    private static final String OTHER_PART =
            """
            l.file <> ? and f.source = ? and f.state = 'VALIDATED' and f.opening_minor is null
            and f.batch is null and f.booked_from <= cast(? as date)
            and f.booked_to >= cast(? as date)
            """;

    private final Database database;

    LineStore(Database database) {
        this.database = database;
    }

    @Transactional(MANDATORY)
    void insert(UUID file, String source, List<SettlementLine> lines) {
        database.update(
                """
                insert into settlement_line
                    (file, line_no, type, reference, external, modification, gross_minor, fee_minor,
                     net_minor, currency, booked_on, value_on, batch, description, fingerprint)
                select ?, line_no, type, reference, external, modification, gross_minor, fee_minor,
                       net_minor, currency, cast(booked_on as date), cast(value_on as date), batch,
                       description, decode(fingerprint, 'hex')
                  from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    as l (line_no, type, reference, external, modification, gross_minor, fee_minor,
                          net_minor, currency, booked_on, value_on, batch, description, fingerprint)
                """,
                in ->
                        in.uuid(file)
                                .numbers(lines, it -> (long) it.number())
                                .texts(lines, it -> it.type().name())
                                .texts(lines, SettlementLine::reference)
                                .texts(lines, SettlementLine::external)
                                .texts(lines, SettlementLine::modification)
                                .numbers(lines, it -> it.gross().minor())
                                .numbers(lines, it -> it.fee().minor())
                                .numbers(lines, it -> it.net().minor())
                                .texts(lines, it -> it.net().currency().name())
                                .texts(lines, it -> it.bookedOn().toString())
                                .texts(lines, it -> text(it.valueOn()))
                                .texts(lines, SettlementLine::batch)
                                .texts(lines, SettlementLine::description)
                                .texts(lines, it -> hex(it.fingerprint(source))));
    }

    /** A line, by its number, that another file has. */
    record Repeated(int number, UUID file) {}

    /**
     * The first of these that another good file of the same source about some of the same days has:
     * by the source's name for it, or by ours and its type.
     */
    Optional<Repeated> said(
            String source, UUID file, Contents contents, List<SettlementLine> portion) {
        return database.find(
                """
                select n.line_no, o.file
                  from unnest(?, ?, ?, ?) as n (line_no, type, reference, fingerprint)
                 cross join lateral (
                       (select l.file from settlement_line l
                         cross join lateral (select source, state, opening_minor, batch, booked_from,
                                                    booked_to
                                               from settlement_file where id = l.file limit 1) f
                         where l.fingerprint = decode(n.fingerprint, 'hex') and %1$s
                         limit 1)
                       union all
                       (select l.file from settlement_line l
                         cross join lateral (select source, state, opening_minor, batch, booked_from,
                                                    booked_to
                                               from settlement_file where id = l.file limit 1) f
                         where l.reference = n.reference and l.type = n.type and %1$s
                         limit 1)
                       limit 1) o
                 order by n.line_no
                 limit 1
                """
                        .formatted(OTHER_PART),
                in -> {
                    in.numbers(portion, it -> (long) it.number())
                            .texts(portion, it -> it.type().name())
                            .texts(portion, SettlementLine::reference)
                            .texts(portion, it -> hex(it.fingerprint(source)));
                    for (var way = 0; way < 2; way++) {
                        in.uuid(file)
                                .text(source)
                                .text(text(contents.to()))
                                .text(text(contents.from()));
                    }
                },
                row -> new Repeated(row.getInt(1), row.getObject(2, UUID.class)));
    }

    private static @Nullable String text(@Nullable LocalDate day) {
        return day == null ? null : day.toString();
    }

    private static @Nullable String hex(byte @Nullable [] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }

    /** In the order of the file. */
    List<SettlementLine> list(UUID file, int after, int limit) {
        return database.query(
                """
                select line_no, type, reference, external, modification, gross_minor, fee_minor,
                       net_minor, currency, booked_on, value_on, batch, description
                  from settlement_line
                 where file = ? and line_no > ?
                 order by line_no
                 limit ?
                """,
                in -> in.uuid(file).number(after).number(limit),
                LineStore::readLine);
    }

    private static SettlementLine readLine(ResultSet row) throws SQLException {
        var currency = Currency.valueOf(row.getString(9));
        return new SettlementLine(
                row.getInt(1),
                LineType.valueOf(row.getString(2)),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                new Money(row.getLong(6), currency),
                new Money(row.getLong(7), currency),
                new Money(row.getLong(8), currency),
                row.getObject(10, LocalDate.class),
                row.getObject(11, LocalDate.class),
                row.getString(12),
                row.getString(13));
    }

    /**
     * Empty before the first statement of that account. Whichever source has brought it: one that
     * takes another's place goes on where that has ended.
     */
    Optional<Last> last(String account, Currency currency) {
        return database.find(
                """
                select sequence, closing_minor, number, closed_on, chain
                  from settlement_statement
                 where account = ? and currency = ?
                 order by chain desc, sequence desc
                 limit 1
                """,
                in -> in.text(account).text(currency.name()),
                row ->
                        new Last(
                                new Place(row.getInt(5), row.getInt(1)),
                                new Money(row.getLong(2), currency),
                                row.getObject(3, Long.class),
                                row.getObject(4, LocalDate.class)));
    }

    /**
     * The next of its account's chain. Of two who add to one chain at once one fails with a unique
     * violation.
     */
    @Transactional(MANDATORY)
    void append(UUID file, String source, Place place, Statement statement) {
        var sequence = place.sequence();
        database.update(
                """
                insert into settlement_statement
                    (source, file, chain, sequence, previous, account, name, number,
                     opening_minor, closing_minor, opened_on, closed_on, line_count, currency)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as date), cast(? as date), ?, ?)
                """,
                in ->
                        in.text(source)
                                .uuid(file)
                                .number(place.chain())
                                .number(sequence)
                                .number(sequence == 1 ? null : (Long) (sequence - 1L))
                                .text(statement.account())
                                .text(statement.name())
                                .number(statement.number())
                                .number(statement.opening().minor())
                                .number(statement.closing().minor())
                                .text(statement.openedOn().toString())
                                .text(statement.closedOn().toString())
                                .number(statement.lineCount())
                                .text(statement.opening().currency().name()));
    }

    /** The file whose statement goes on where one of this ends; empty where its chain ends so. */
    Optional<UUID> behind(UUID file) {
        return database.find(
                """
                select n.file
                  from settlement_statement t
                 cross join lateral (select file from settlement_statement
                                      where account = t.account and currency = t.currency
                                        and chain = t.chain and sequence = t.sequence + 1
                                      limit 1) n
                 where t.file = ? and n.file <> t.file
                 limit 1
                """,
                in -> in.uuid(file),
                row -> row.getObject(1, UUID.class));
    }

    List<Statement> statements(UUID file) {
        return database.query(
                "select "
                        + STATEMENT
                        + " from settlement_statement where file = ? order by sequence",
                in -> in.uuid(file),
                LineStore::readStatement);
    }

    private static Statement readStatement(ResultSet row) throws SQLException {
        var currency = Currency.valueOf(row.getString(9));
        return new Statement(
                row.getString(1),
                row.getString(2),
                row.getObject(3, Long.class),
                new Money(row.getLong(4), currency),
                new Money(row.getLong(5), currency),
                row.getObject(6, LocalDate.class),
                row.getObject(7, LocalDate.class),
                row.getInt(8));
    }
}
