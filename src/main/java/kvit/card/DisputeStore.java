package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
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

    /** What a charge was for. */
    record Charged(UUID customer, UUID card, UUID topUp) {}

    private static final String COLUMNS =
            "id, customer, card, top_up, charge, processor, name, minor, currency, held, reason,"
                    + " state, at, received_at, deadline, lost_at";

    private final Database database;

    DisputeStore(Database database) {
        this.database = database;
    }

    /**
     * What is in a wallet and has this name at the processor. What is still pending has nothing
     * that could be held, and what was declined goes back.
     */
    Optional<Charged> charged(String name) {
        return database.find(
                "select customer, card, id from top_up where name = ? and state = 'COMPLETED'",
                in -> in.text(name),
                row ->
                        new Charged(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                row.getObject(3, UUID.class)));
    }

    Optional<Dispute> lock(String processor, String name) {
        return database.find(
                "select " + COLUMNS + " from dispute where processor = ? and name = ? for update",
                in -> in.text(processor).text(name),
                DisputeStore::read);
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
                                     currency, held, reason, state, at, received_at, deadline)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
                                .time(dispute.deadline()));
    }

    void won(UUID id, Instant at) {
        database.update(
                "update dispute set state = 'WON', won_at = ? where id = ?",
                in -> in.time(at).uuid(id));
    }

    void lost(UUID id, Instant at) {
        database.update(
                "update dispute set state = 'LOST', lost_at = ? where id = ?",
                in -> in.time(at).uuid(id));
    }

    /** Those that nobody has won in time. */
    List<UUID> overdue(Instant now, int atMost) {
        return database.query(
                """
                select id from dispute
                 where state = 'RECEIVED' and deadline <= ?
                 order by deadline
                 limit ?
                """,
                in -> in.time(now).number(atMost),
                row -> row.getObject(1, UUID.class));
    }

    private static Dispute read(ResultSet row) throws SQLException {
        var currency = Currency.valueOf(row.getString(9));
        var lostAt = row.getTimestamp(16);
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
                lostAt == null ? null : lostAt.toInstant());
    }
}
