package kvit.topup;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.idempotency.Answer;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** The table top_up. */
@ApplicationScoped
class TopUpStore {

    /**
     * @param asked how often the processor was asked what became of it
     * @param answer as it is given from now on; null until one was given
     */
    record Stored(TopUp topUp, @Nullable String fingerprint, int asked, @Nullable Answer answer) {}

    private static final String COLUMNS =
            "id, customer, card, minor, currency, state, decline_code, reference, sent_at, name,"
                    + " created_at, completed_at, sent_by, transfer";

    private static final String STORED = COLUMNS + ", fingerprint, asked, answer_status, answer";

    private final Database database;

    TopUpStore(Database database) {
        this.database = database;
    }

    Optional<Stored> lockByKey(UUID customer, String key) {
        return database.find(
                "select " + STORED + " from top_up where customer = ? and key = ? for update",
                in -> in.uuid(customer).text(key),
                TopUpStore::readStored);
    }

    Optional<Stored> lock(UUID customer, UUID id) {
        return database.find(
                "select " + STORED + " from top_up where customer = ? and id = ? for update",
                in -> in.uuid(customer).uuid(id),
                TopUpStore::readStored);
    }

    /** As its owner sees it: what is charged for a transfer is none to them. */
    Optional<TopUp> find(UUID customer, UUID id) {
        return database.find(
                "select "
                        + COLUMNS
                        + " from top_up where customer = ? and id = ? and transfer is null",
                in -> in.uuid(customer).uuid(id),
                TopUpStore::read);
    }

    /** Also one that is charged for a transfer. */
    Optional<TopUp> charge(UUID customer, UUID id) {
        return database.find(
                "select " + COLUMNS + " from top_up where customer = ? and id = ?",
                in -> in.uuid(customer).uuid(id),
                TopUpStore::read);
    }

    /** The newest first; those before an id, or all. */
    List<TopUp> list(UUID customer, @Nullable UUID before, int atMost) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from top_up
                         where customer = ? and transfer is null
                           and (cast(? as uuid) is null or id < ?)
                         order by id desc
                         limit ?
                        """,
                in -> in.uuid(customer).uuid(before).uuid(before).number(atMost),
                TopUpStore::read);
    }

    /**
     * Says whether it was new: a key that somebody else has just taken is not.
     *
     * @param dueAt when to ask what became of it; null where it has ended already
     */
    boolean insert(
            TopUp topUp,
            String key,
            String fingerprint,
            @Nullable String ruling,
            @Nullable Instant dueAt,
            @Nullable Answer answer) {
        return database.update(
                        """
                        insert into top_up (id, customer, key, fingerprint, card, minor, currency, state,
                                            decline_code, reference, sent_at, sent_by, ruling, created_at,
                                            due_at, answer_status, answer)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as jsonb), ?, ?, ?, ?)
                        on conflict (customer, key) do nothing
                        """,
                        in ->
                                in.uuid(topUp.id())
                                        .uuid(topUp.customer())
                                        .text(key)
                                        .text(fingerprint)
                                        .uuid(topUp.card())
                                        .number(topUp.amount().minor())
                                        .text(topUp.amount().currency().name())
                                        .text(topUp.state().name())
                                        .text(topUp.declineCode())
                                        .text(topUp.reference())
                                        .time(sentAt(topUp))
                                        .uuid(sentBy(topUp))
                                        .text(ruling)
                                        .time(topUp.createdAt())
                                        .time(dueAt)
                                        .number(
                                                answer == null
                                                        ? null
                                                        : (Long) (long) answer.status())
                                        .text(answer == null ? null : answer.body()))
                == 1;
    }

    /** What is about to be charged for a transfer, whose key and whose answer it has. */
    void insertPaying(TopUp topUp, Instant dueAt) {
        database.update(
                """
                insert into top_up (id, customer, card, minor, currency, state, reference, sent_at,
                                    sent_by, created_at, due_at, transfer)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(topUp.id())
                                .uuid(topUp.customer())
                                .uuid(topUp.card())
                                .number(topUp.amount().minor())
                                .text(topUp.amount().currency().name())
                                .text(topUp.state().name())
                                .text(topUp.reference())
                                .time(sentAt(topUp))
                                .uuid(sentBy(topUp))
                                .time(topUp.createdAt())
                                .time(dueAt)
                                .uuid(topUp.transfer()));
    }

    Optional<TopUp> findPaying(UUID transfer) {
        return database.find(
                "select " + COLUMNS + " from top_up where transfer = ?",
                in -> in.uuid(transfer),
                TopUpStore::read);
    }

    List<TopUp> findPaying(Collection<UUID> transfers) {
        return database.query(
                "select " + COLUMNS + " from top_up where transfer = any (?)",
                in -> in.uuids(transfers),
                TopUpStore::read);
    }

    /**
     * Writes how far it is now.
     *
     * @param dueAt when to ask what became of it; null where that is known
     */
    void update(TopUp topUp, @Nullable Instant dueAt) {
        database.update(
                """
                update top_up
                   set state = ?, decline_code = ?, sent_at = ?, sent_by = ?, name = ?, completed_at = ?,
                       due_at = ?
                 where customer = ? and id = ?
                """,
                in ->
                        in.text(topUp.state().name())
                                .text(topUp.declineCode())
                                .time(sentAt(topUp))
                                .uuid(sentBy(topUp))
                                .text(topUp.name())
                                .time(topUp.completedAt())
                                .time(dueAt)
                                .uuid(topUp.customer())
                                .uuid(topUp.id()));
    }

    /** It was decided anew, because it had never been sent. */
    void ruled(TopUp topUp, @Nullable String ruling) {
        database.update(
                "update top_up set ruling = cast(? as jsonb) where customer = ? and id = ?",
                in -> in.text(ruling).uuid(topUp.customer()).uuid(topUp.id()));
    }

    /** Of one that has ended: when to look for a charge all the same; null for never again. */
    void lookAgain(TopUp topUp, @Nullable Instant dueAt) {
        database.update(
                "update top_up set due_at = ? where customer = ? and id = ?",
                in -> in.time(dueAt).uuid(topUp.customer()).uuid(topUp.id()));
    }

    void answered(TopUp topUp, Answer answer) {
        database.update(
                "update top_up set answer_status = ?, answer = ? where customer = ? and id = ?",
                in ->
                        in.number(answer.status())
                                .text(answer.body())
                                .uuid(topUp.customer())
                                .uuid(topUp.id()));
    }

    /**
     * What of a customer's money is on its way from cards: may have been sent, and has not ended.
     *
     * @param but one that does not count
     */
    List<TopUp> onTheirWay(UUID customer, Currency currency, UUID but) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from top_up
                         where customer = ? and currency = ? and state = 'PENDING'
                           and sent_at is not null and id <> ? and transfer is null
                        """,
                in -> in.uuid(customer).text(currency.name()).uuid(but),
                TopUpStore::read);
    }

    /**
     * Those that the processor has to be asked about, for whoever asks until the lease is over;
     * what another replica is at is left to it.
     */
    List<TopUp> claimDue(Instant now, Instant leasedUntil, int atMost) {
        return database.query(
                """
                update top_up t
                   set due_at = ?, asked = t.asked + 1
                  from (select customer, id from top_up
                         where due_at <= ?
                         order by due_at
                         limit ?
                           for update skip locked) due
                 where t.customer = due.customer and t.id = due.id
                returning t.id, t.customer, t.card, t.minor, t.currency, t.state, t.decline_code,
                          t.reference, t.sent_at, t.name, t.created_at, t.completed_at,
                          t.sent_by, t.transfer
                """,
                in -> in.time(leasedUntil).time(now).number(atMost),
                TopUpStore::read);
    }

    private static Stored readStored(ResultSet row) throws SQLException {
        return new Stored(
                read(row),
                row.getString(15),
                row.getInt(16),
                row.getString(18) == null
                        ? null
                        : new Answer(row.getInt(17), row.getString(18), true));
    }

    private static TopUp read(ResultSet row) throws SQLException {
        var sentBy = row.getObject(13, UUID.class);
        return new TopUp(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                new Money(row.getLong(4), Currency.valueOf(row.getString(5))),
                TopUpState.valueOf(row.getString(6)),
                row.getString(7),
                row.getString(8),
                sentBy == null ? null : new TopUp.Sending(sentBy, row.getTimestamp(9).toInstant()),
                row.getString(10),
                row.getTimestamp(11).toInstant(),
                time(row.getTimestamp(12)),
                row.getObject(14, UUID.class));
    }

    private static @Nullable Instant sentAt(TopUp topUp) {
        return topUp.sending() == null ? null : topUp.sending().at();
    }

    private static @Nullable UUID sentBy(TopUp topUp) {
        return topUp.sending() == null ? null : topUp.sending().by();
    }

    /** The one that is in a wallet and has this name at the processor. */
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

    /** Whose top-up has this id. */
    Optional<UUID> owner(UUID topUp) {
        return database.find(
                "select customer from top_up where id = ?",
                in -> in.uuid(topUp),
                row -> row.getObject(1, UUID.class));
    }

    private static @Nullable Instant time(@Nullable Timestamp stamp) {
        return stamp == null ? null : stamp.toInstant();
    }
}
