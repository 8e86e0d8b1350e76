package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;

/** The table confirmation. */
@ApplicationScoped
class ConfirmationStore {

    private static final String SELECT =
            """
            select c.id, p.phone, p.locale, c.amount, c.payee, c.terms, c.card_last4,
                   encode(c.code_mac, 'hex'), c.expires_at, c.resend_at, c.tries, c.sends, c.confirmed_at
              from confirmation c
              join customer p on p.id = c.customer
             where c.id = ?
            """;

    private final Database database;

    ConfirmationStore(Database database) {
        this.database = database;
    }

    /** Each with its first code on its way. */
    void insert(
            List<Confirmations.Request> requests, Instant now, Duration life, Duration resendGap) {
        database.updateLater(
                """
                insert into confirmation (id, customer, amount, payee, terms, code_due, expires_at, resend_at,
                                          tries, sends, created_at)
                select id, customer, amount, payee, terms, true, cast(? as timestamptz),
                       cast(? as timestamptz), 0, 1, cast(? as timestamptz)
                  from unnest(?, ?, ?, ?, ?) as c (id, customer, amount, payee, terms)
                """,
                in ->
                        in.time(now.plus(life))
                                .time(now.plus(resendGap))
                                .time(now)
                                .uuids(requests, Confirmations.Request::id)
                                .uuids(requests, Confirmations.Request::customer)
                                .texts(requests, Confirmations.Request::amount)
                                .texts(requests, Confirmations.Request::payee)
                                .texts(requests, Confirmations.Request::terms));
    }

    /** With its first code on its way. */
    void insertForCard(
            UUID id, UUID customer, String last4, Instant now, Duration life, Duration resendGap) {
        database.update(
                """
                insert into confirmation (id, customer, card_last4, code_due, expires_at, resend_at, tries,
                                          sends, created_at)
                values (?, ?, ?, true, ?, ?, 0, 1, ?)
                """,
                in ->
                        in.uuid(id)
                                .uuid(customer)
                                .text(last4)
                                .time(now.plus(life))
                                .time(now.plus(resendGap))
                                .time(now));
    }

    Optional<Confirmation> find(UUID id) {
        return database.find(SELECT, in -> in.uuid(id), ConfirmationStore::read);
    }

    /** Whoever has it decides alone: parallel guesses are taken one after another. */
    Optional<Confirmation> lock(UUID id) {
        return database.find(
                SELECT + " for update of c", in -> in.uuid(id), ConfirmationStore::read);
    }

    private static Confirmation read(ResultSet row) throws SQLException {
        var confirmedAt = row.getTimestamp(13);
        return new Confirmation(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getTimestamp(9).toInstant(),
                row.getTimestamp(10).toInstant(),
                row.getInt(11),
                row.getInt(12),
                confirmedAt == null ? null : confirmedAt.toInstant());
    }

    /** From here on the old code is dead, and a new one is on its way. */
    void requestCode(UUID id, Instant now, Duration life, Duration resendGap) {
        database.update(
                """
                update confirmation
                   set code_mac = null, code_due = true, expires_at = ?, resend_at = ?, tries = 0,
                       sends = sends + 1
                 where id = ?
                """,
                in -> in.time(now.plus(life)).time(now.plus(resendGap)).uuid(id));
    }

    /** Only the sender of the code ever sees it; what stays here proves it. */
    void codeMade(UUID id, byte[] mac) {
        database.update(
                "update confirmation set code_mac = ? where id = ?", in -> in.bytes(mac).uuid(id));
    }

    /** Nothing is to come any more of this code; a later one may be. */
    void codeSent(UUID id, int number) {
        database.update(
                "update confirmation set code_due = false where id = ? and sends = ?",
                in -> in.uuid(id).number(number));
    }

    void failed(UUID id) {
        database.update(
                "update confirmation set tries = tries + 1 where id = ?", in -> in.uuid(id));
    }

    /** The proof stays: whoever has not heard the answer asks again with the same code. */
    void confirm(UUID id, Instant now) {
        database.update(
                "update confirmation set confirmed_at = ?, code_due = false where id = ?",
                in -> in.time(now).uuid(id));
    }

    boolean isCodeDue(String phone, Instant now) {
        return database.find(
                        """
                        select 1
                          from confirmation c
                          join customer p on p.id = c.customer
                         where p.phone = ? and c.code_due and c.expires_at > ?
                         limit 1
                        """,
                        in -> in.text(phone).time(now),
                        row -> true)
                .isPresent();
    }

    int purge(Instant before, int atMost) {
        return database.update(
                """
                delete from confirmation
                 where id in (select id from confirmation where created_at < ? limit ?)
                """,
                in -> in.time(before).number(atMost));
    }
}
