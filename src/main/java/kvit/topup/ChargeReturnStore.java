package kvit.topup;

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

/** The table charge_return. */
@ApplicationScoped
class ChargeReturnStore {

    /** Whose refund came to nothing, of which top-up, and since when it was on its way. */
    record Failed(UUID customer, UUID topUp, Instant createdAt) {}

    private static final String COLUMNS =
            "r.id, r.customer, r.charge, t.minor, t.currency, r.refund_name, r.created_at, r.asked";

    private final Database database;

    ChargeReturnStore(Database database) {
        this.database = database;
    }

    /** Says whether it is new: a charge is given back once, whoever finds it. */
    boolean insert(TopUp topUp, String charge, Instant now) {
        return insert(List.of(topUp.named(charge)), now) == 1;
    }

    /** Of those that have their names. Says how many are new. */
    int insert(List<TopUp> charged, Instant now) {
        return database.update(
                """
                insert into charge_return (id, customer, refund, charge, state, created_at, due_at)
                select n.*, 'PENDING', c.at, c.at
                  from unnest(?, ?, ?, ?) as n
                 cross join (values (cast(? as timestamptz))) as c (at)
                on conflict do nothing
                """,
                in ->
                        in.uuids(charged, TopUp::id)
                                .uuids(charged, TopUp::customer)
                                .uuids(charged, it -> ChargeReturn.refundOf(it.id()))
                                .texts(charged, TopUp::name)
                                .time(now));
    }

    /**
     * One that the processor was not asked for, and is not as long as it is locked. It is locked
     * whatever has become of it, so that whoever writes that next comes after.
     */
    Optional<ChargeReturn> lockUnasked(UUID customer, UUID topUp) {
        database.find(
                "select 1 from charge_return where customer = ? and id = ? for update",
                in -> in.uuid(customer).uuid(topUp),
                row -> row.getInt(1));
        return database.find(
                "select "
                        + COLUMNS
                        + """
                         from charge_return r
                         join top_up t on t.customer = r.customer and t.id = r.id
                         where r.customer = ? and r.id = ? and r.state = 'PENDING' and r.asked = 0
                        """,
                in -> in.uuid(customer).uuid(topUp),
                ChargeReturnStore::read);
    }

    /** One that has not ended, under lock. */
    Optional<ChargeReturn> lockPending(ChargeReturn it) {
        return database.find(
                "select "
                        + COLUMNS
                        + """
                         from charge_return r
                         join top_up t on t.customer = r.customer and t.id = r.id
                         where r.customer = ? and r.id = ? and r.state = 'PENDING'
                           for update of r
                        """,
                in -> in.uuid(it.customer()).uuid(it.topUp()),
                ChargeReturnStore::read);
    }

    void returned(ChargeReturn it, String refundName, Instant now) {
        database.update(
                """
                update charge_return
                   set state = 'RETURNED', refund_name = ?, ended_at = ?, due_at = null
                 where customer = ? and id = ?
                """,
                in -> in.text(refundName).time(now).uuid(it.customer()).uuid(it.topUp()));
    }

    void failed(ChargeReturn it, String code, Instant now) {
        database.update(
                """
                update charge_return set state = 'FAILED', failure = ?, ended_at = ?, due_at = null
                 where customer = ? and id = ?
                """,
                in -> in.text(code).time(now).uuid(it.customer()).uuid(it.topUp()));
    }

    /**
     * The refund came to nothing, even after it was done.
     *
     * @return whose it was; empty where that is no news
     */
    Optional<Failed> failed(UUID refund, String code, Instant now) {
        return database.find(
                """
                update charge_return
                   set state = 'FAILED', failure = ?, ended_at = ?, due_at = null
                 where refund = ? and state <> 'FAILED'
                returning customer, id, created_at
                """,
                in -> in.text(code).time(now).uuid(refund),
                row ->
                        new Failed(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                row.getTimestamp(3).toInstant()));
    }

    /** Whether this is the refund of one, whatever has become of it. */
    boolean isKnown(UUID refund) {
        return database.find(
                        "select 1 from charge_return where refund = ?",
                        in -> in.uuid(refund),
                        row -> row.getInt(1))
                .isPresent();
    }

    /** Whether the charge with this name at the processor goes back, or has. */
    boolean isOfCharge(String name) {
        return database.find(
                        "select 1 from charge_return where charge = ?",
                        in -> in.text(name),
                        row -> row.getInt(1))
                .isPresent();
    }

    void askAgain(ChargeReturn it, Instant dueAt) {
        database.update(
                """
                update charge_return set due_at = ?, refund_name = ?
                 where customer = ? and id = ?
                """,
                in -> in.time(dueAt).text(it.refundName()).uuid(it.customer()).uuid(it.topUp()));
    }

    /** Nothing of the only time that it was to be asked for has left us. */
    void unasked(ChargeReturn it, Instant dueAt) {
        database.update(
                "update charge_return set due_at = ?, asked = 0 where customer = ? and id = ?",
                in -> in.time(dueAt).uuid(it.customer()).uuid(it.topUp()));
    }

    /** Those that are due, for whoever asks until the lease is over. */
    List<ChargeReturn> claimDue(Instant now, Instant leasedUntil, int atMost) {
        return database.query(
                """
                update charge_return r
                   set due_at = ?, asked = r.asked + 1
                  from (select customer, id from charge_return
                         where state = 'PENDING' and due_at <= ?
                         order by due_at
                         limit ?
                           for update skip locked) due,
                       top_up t
                 where r.customer = due.customer and r.id = due.id
                   and t.customer = r.customer and t.id = r.id
                returning
                """
                        + COLUMNS,
                in -> in.time(leasedUntil).time(now).number(atMost),
                ChargeReturnStore::read);
    }

    private static ChargeReturn read(ResultSet row) throws SQLException {
        return new ChargeReturn(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getString(3),
                new Money(row.getLong(4), Currency.valueOf(row.getString(5))),
                row.getString(6),
                row.getTimestamp(7).toInstant(),
                row.getInt(8));
    }
}
