package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import kvit.database.Database;

/** The table pin. */
@ApplicationScoped
class PinStore {

    private final Database database;

    PinStore(Database database) {
        this.database = database;
    }

    /** Also of somebody who has none. */
    Pin find(UUID customer) {
        return database.find(
                        """
                        select c.id, c.phone, c.birth_date, p.hash, p.pepper, p.set_at, p.payouts_held_until
                          from customer c
                          left join pin p on p.customer = c.id
                         where c.id = ?
                        """,
                        in -> in.uuid(customer),
                        PinStore::read)
                .orElseThrow();
    }

    private static Pin read(ResultSet row) throws SQLException {
        var birthDate = row.getDate(3);
        var heldUntil = row.getTimestamp(7);
        var hash = row.getString(4);
        return new Pin(
                row.getObject(1, UUID.class),
                row.getString(2),
                birthDate == null ? null : birthDate.toLocalDate(),
                hash == null
                        ? null
                        : new Pin.Stored(
                                hash,
                                row.getString(5),
                                row.getTimestamp(6).toInstant(),
                                heldUntil == null ? null : heldUntil.toInstant()));
    }

    boolean isSet(UUID customer) {
        return database.find(
                        "select 1 from pin where customer = ?",
                        in -> in.uuid(customer),
                        row -> true)
                .isPresent();
    }

    /** Says whether there was none. */
    boolean insert(UUID customer, String hash, String pepper, Instant now) {
        return database.update(
                        """
                        insert into pin (customer, hash, pepper, set_at) values (?, ?, ?, ?)
                        on conflict (customer) do nothing
                        """,
                        in -> in.uuid(customer).text(hash).text(pepper).time(now))
                == 1;
    }

    /** Says whether it still was the one that was compared with. */
    boolean replace(UUID customer, String known, String hash, String pepper, Instant now) {
        return database.update(
                        "update pin set hash = ?, pepper = ?, set_at = ? where customer = ? and hash = ?",
                        in -> in.text(hash).text(pepper).time(now).uuid(customer).text(known))
                == 1;
    }

    /** The same PIN, hashed anew; not set anew. */
    void refresh(UUID customer, String known, String hash, String pepper) {
        database.update(
                "update pin set hash = ?, pepper = ? where customer = ? and hash = ?",
                in -> in.text(hash).text(pepper).uuid(customer).text(known));
    }

    /** Whether the last reset was asked for through this session. */
    boolean wasResetBy(UUID customer, UUID session) {
        return database.find(
                        "select 1 from pin where customer = ? and reset_by = ?",
                        in -> in.uuid(customer).uuid(session),
                        row -> true)
                .isPresent();
    }

    /**
     * Whatever there was. A hold that ends later stays. Says whether it was done: not when the same
     * session has done it before.
     */
    boolean reset(
            UUID customer,
            UUID session,
            String hash,
            String pepper,
            Instant now,
            Instant heldUntil) {
        return database.update(
                        """
                        insert into pin as p (customer, hash, pepper, set_at, reset_by, payouts_held_until)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict (customer) do update
                           set hash = excluded.hash, pepper = excluded.pepper, set_at = excluded.set_at,
                               reset_by = excluded.reset_by,
                               payouts_held_until =
                                   greatest(p.payouts_held_until, excluded.payouts_held_until)
                         where p.reset_by is distinct from excluded.reset_by
                        """,
                        in ->
                                in.uuid(customer)
                                        .text(hash)
                                        .text(pepper)
                                        .time(now)
                                        .uuid(session)
                                        .time(heldUntil))
                == 1;
    }
}
