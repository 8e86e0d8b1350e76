package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** The table dispute. */
@ApplicationScoped
class DisputeStore {

    private static final String COLUMNS =
            "id, customer, card, top_up, charge, processor, name, minor, currency, held, reason,"
                    + " state, at, received_at, deadline, lost_at, round, hold, won_at, reversed_at,"
                    + " evidence_due_by";

    /** Whose money is away, and who does not have all of it ready in case that it stays away. */
    private static final String LACKING =
            """
             where customer = ? and currency = ? and state = 'RECEIVED' and held < minor
               and received_at >= ?
            """;

    private final Database database;

    DisputeStore(Database database) {
        this.database = database;
    }

    /** Its last round. Whoever has the first one under lock is alone with all of them. */
    Optional<Dispute> lock(String processor, String name) {
        database.find(
                "select 1 from dispute where processor = ? and name = ? and round = 1 for update",
                in -> in.text(processor).text(name),
                row -> row.getInt(1));
        return database.find(
                "select "
                        + COLUMNS
                        + """
                         from dispute
                         where processor = ? and name = ?
                         order by round desc
                         limit 1
                           for update
                        """,
                in -> in.text(processor).text(name),
                DisputeStore::read);
    }

    boolean isKnown(String processor, String name) {
        return database.find(
                        "select 1 from dispute where processor = ? and name = ? limit 1",
                        in -> in.text(processor).text(name),
                        row -> row.getInt(1))
                .isPresent();
    }

    /** Those that lack money, and were received since. */
    List<Dispute> lockLacking(UUID customer, Currency currency, Instant since) {
        return database.query(
                "select " + COLUMNS + " from dispute" + LACKING + " order by id for update",
                in -> in.uuid(customer).text(currency.name()).time(since),
                DisputeStore::read);
    }

    /**
     * What refunds of this top-up may come back to: those that lack money and were received since,
     * or are about it, and those of it that are lost, of which we have borne a part.
     */
    List<Dispute> lockLacking(UUID customer, Currency currency, Instant since, UUID topUp) {
        return lackingOf(customer, currency, since, topUp, " order by id for update");
    }

    /** The same without locks, for whoever has the wallet by now. */
    List<Dispute> lacking(UUID customer, Currency currency, Instant since, UUID topUp) {
        return lackingOf(customer, currency, since, topUp, " order by id");
    }

    private List<Dispute> lackingOf(
            UUID customer, Currency currency, Instant since, UUID topUp, String rest) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from dispute
                         where customer = ? and currency = ? and held < minor
                           and (state = 'RECEIVED' and (received_at >= ? or top_up = ?)
                                or state = 'LOST' and top_up = ?)
                        """
                        + rest,
                in -> in.uuid(customer).text(currency.name()).time(since).uuid(topUp).uuid(topUp),
                DisputeStore::read);
    }

    /** Whether there is such a one. */
    boolean isLacking(UUID customer, Currency currency, Instant since) {
        return database.find(
                        "select 1 from dispute" + LACKING + " limit 1",
                        in -> in.uuid(customer).text(currency.name()).time(since),
                        row -> row.getInt(1))
                .isPresent();
    }

    Optional<Dispute> lock(UUID id) {
        return database.find(
                "select " + COLUMNS + " from dispute where id = ? for update",
                in -> in.uuid(id),
                DisputeStore::read);
    }

    Optional<Dispute> find(UUID id) {
        return database.find(
                "select " + COLUMNS + " from dispute where id = ?",
                in -> in.uuid(id),
                DisputeStore::read);
    }

    /** The newest first; null is any. */
    List<Dispute> list(
            @Nullable DisputeState state,
            @Nullable UUID customer,
            @Nullable UUID before,
            int atMost) {
        var name = state == null ? null : state.name();
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from dispute
                         where (cast(? as text) is null or state = ?)
                           and (cast(? as uuid) is null or customer = ?)
                           and (cast(? as uuid) is null or id < ?)
                         order by id desc
                         limit ?
                        """,
                in ->
                        in.text(name)
                                .text(name)
                                .uuid(customer)
                                .uuid(customer)
                                .uuid(before)
                                .uuid(before)
                                .number(atMost),
                DisputeStore::read);
    }

    void insert(Dispute dispute) {
        database.update(
                """
                insert into dispute (id, customer, card, top_up, charge, processor, name, minor,
                                     currency, held, reason, state, at, received_at, deadline,
                                     round, hold, evidence_due_by)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(dispute.id())
                                .uuid(dispute.customer())
                                .uuid(dispute.card())
                                .uuid(dispute.topUp())
                                .text(dispute.charge())
                                .text(dispute.processor())
                                .text(dispute.name())
                                .number(dispute.amount().minor())
                                .text(dispute.amount().currency().name())
                                .number(dispute.held().minor())
                                .text(dispute.reason())
                                .text(dispute.state().name())
                                .time(dispute.at())
                                .time(dispute.receivedAt())
                                .time(dispute.deadline())
                                .number(dispute.round())
                                .uuid(dispute.hold())
                                .time(dispute.evidenceDueBy()));
    }

    /** More of it is held now, all of it by that hold; or of one that is lost, was taken. */
    void holds(UUID id, Money held, UUID hold) {
        database.update(
                "update dispute set held = ?, hold = ? where id = ?",
                in -> in.number(held.minor()).uuid(hold).uuid(id));
    }

    /**
     * @param reversedAt when the processor gave the money back, by its clock
     */
    void won(UUID id, Instant at, Instant reversedAt) {
        database.update(
                "update dispute set state = 'WON', won_at = ?, reversed_at = ? where id = ?",
                in -> in.time(at).time(reversedAt).uuid(id));
    }

    void lost(UUID id, Instant at) {
        database.update(
                "update dispute set state = 'LOST', lost_at = ? where id = ?",
                in -> in.time(at).uuid(id));
    }

    /** One that nobody has won in time. */
    record Overdue(UUID id, Instant deadline) {}

    /**
     * Those that nobody has won in time, in the order of their deadlines.
     *
     * @param after the last one of those before; null for the first ones
     */
    List<Overdue> overdue(Instant now, @Nullable Overdue after, int atMost) {
        return database.query(
                """
                select id, deadline from dispute
                 where state = 'RECEIVED' and deadline <= ?
                   and (cast(? as timestamptz) is null or (deadline, id) > (?, ?))
                 order by deadline, id
                 limit ?
                """,
                in -> {
                    var since = after == null ? null : after.deadline();
                    in.time(now)
                            .time(since)
                            .time(since)
                            .uuid(after == null ? null : after.id())
                            .number(atMost);
                },
                row -> new Overdue(row.getObject(1, UUID.class), row.getTimestamp(2).toInstant()));
    }

    private static Dispute read(ResultSet row) throws SQLException {
        var currency = Currency.valueOf(row.getString(9));
        return new Dispute(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                row.getObject(4, UUID.class),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                new Money(row.getLong(8), currency),
                new Money(row.getLong(10), currency),
                row.getString(11),
                DisputeState.valueOf(row.getString(12)),
                row.getTimestamp(13).toInstant(),
                row.getTimestamp(14).toInstant(),
                row.getTimestamp(15).toInstant(),
                time(row.getTimestamp(16)),
                row.getInt(17),
                row.getObject(18, UUID.class),
                time(row.getTimestamp(row.getTimestamp(20) == null ? 19 : 20)),
                time(row.getTimestamp(21)));
    }

    private static @Nullable Instant time(@Nullable Timestamp stamp) {
        return stamp == null ? null : stamp.toInstant();
    }
}
