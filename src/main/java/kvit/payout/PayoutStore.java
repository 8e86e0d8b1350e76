package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.card.Speed;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.idempotency.Answer;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** The table payout. What changes a payout is called under its lock, and gives it as it is then. */
@ApplicationScoped
class PayoutStore {

    /**
     * @param asked how often somebody came to hand it over or to ask about it
     */
    record Stored(Payout payout, int asked) {}

    private static final String COLUMNS =
            "id, customer, card, minor, currency, fee, asked_speed, speed, state, decline_code,"
                    + " reference, push, hand_over_at, sent_at, name, estimated_at, created_at,"
                    + " paid_at, back_at";

    /** Until then, unless a notice has come since it was claimed, and wants it asked once more. */
    private static final String DUE_OR_WOKEN =
            " due_at = case when due_at <= cast(? as timestamptz) then due_at"
                    + " else cast(? as timestamptz) end";

    private static final String THIS_ONE = " where customer = ? and id = ? returning " + COLUMNS;

    private final Database database;

    PayoutStore(Database database) {
        this.database = database;
    }

    Optional<Stored> lock(UUID customer, UUID id) {
        return database.find(
                "select "
                        + COLUMNS
                        + ", asked from payout where customer = ? and id = ? for update",
                in -> in.uuid(customer).uuid(id),
                row -> new Stored(read(row), row.getInt(20)));
    }

    /** Those that have no end yet, handed over or not, the newest first. */
    List<Payout> lockInTransit(UUID customer, Currency currency) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from payout
                         where customer = ? and currency = ? and state = 'IN_TRANSIT'
                         order by id desc
                           for update
                        """,
                in -> in.uuid(customer).text(currency.name()),
                PayoutStore::read);
    }

    Optional<Payout> find(UUID customer, UUID id) {
        return database.find(
                "select " + COLUMNS + " from payout where customer = ? and id = ?",
                in -> in.uuid(customer).uuid(id),
                PayoutStore::read);
    }

    /** The newest first; those before an id, or all. */
    List<Payout> list(UUID customer, @Nullable UUID before, int atMost) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from payout
                         where customer = ? and (cast(? as uuid) is null or id < ?)
                         order by id desc
                         limit ?
                        """,
                in -> in.uuid(customer).uuid(before).uuid(before).number(atMost),
                PayoutStore::read);
    }

    /**
     * Says whether it was new: a key that somebody else has just taken is not.
     *
     * @param dueAt when to hand it over; null where it has ended already
     */
    boolean insert(
            Payout payout,
            String key,
            String fingerprint,
            @Nullable String ruling,
            @Nullable Instant dueAt,
            Answer answer) {
        return database.update(
                        """
                        insert into payout (id, customer, key, fingerprint, card, minor, currency, fee,
                                            asked_speed, speed, state, decline_code, reference, push,
                                            hand_over_at, estimated_at, ruling, created_at, due_at,
                                            answer_status, answer)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as jsonb), ?, ?, ?, ?)
                        on conflict (customer, key) do nothing
                        """,
                        in ->
                                in.uuid(payout.id())
                                        .uuid(payout.customer())
                                        .text(key)
                                        .text(fingerprint)
                                        .uuid(payout.card())
                                        .number(payout.amount().minor())
                                        .text(payout.amount().currency().name())
                                        .number(payout.fee().minor())
                                        .text(payout.askedSpeed().name())
                                        .text(payout.speed().name())
                                        .text(payout.state().name())
                                        .text(payout.declineCode())
                                        .text(payout.reference())
                                        .uuid(payout.push())
                                        .time(payout.handOverAt())
                                        .time(payout.estimatedAt())
                                        .text(ruling)
                                        .time(payout.createdAt())
                                        .time(dueAt)
                                        .number(answer.status())
                                        .text(answer.body()))
                == 1;
    }

    /** It is about to be sent; its owner cannot take it back from now on. */
    Payout sent(Payout payout, Instant at, Instant dueAt) {
        return one(
                "update payout set sent_at = ?, due_at = ?" + THIS_ONE,
                payout,
                in -> in.time(at).time(dueAt));
    }

    /** Nothing was sent after all, and never before. */
    Payout notSent(Payout payout, Instant dueAt) {
        return one(
                "update payout set sent_at = null, due_at = ?" + THIS_ONE,
                payout,
                in -> in.time(dueAt));
    }

    Payout named(Payout payout, String name, Instant now, Instant dueAt) {
        return one(
                "update payout set name = ?," + DUE_OR_WOKEN + THIS_ONE,
                payout,
                in -> in.text(name).time(now).time(dueAt));
    }

    /**
     * @param dueAt when to ask again; null where there is nothing to ask
     */
    Payout due(Payout payout, Instant now, @Nullable Instant dueAt) {
        return one(
                "update payout set" + DUE_OR_WOKEN + THIS_ONE,
                payout,
                in -> in.time(now).time(dueAt));
    }

    /** A standard one from now on, under another id, and to be handed over at once. */
    Payout slowed(Payout payout, UUID push, Instant at, Instant estimatedAt) {
        return one(
                """
                update payout
                   set speed = 'STANDARD', push = ?, hand_over_at = ?, sent_at = null, name = null,
                       estimated_at = ?, due_at = ?
                """
                        + THIS_ONE,
                payout,
                in -> in.uuid(push).time(at).time(estimatedAt).time(at));
    }

    Payout paid(Payout payout, String name, Instant at, Instant now) {
        return one(
                "update payout set state = 'PAID', name = ?, paid_at = ?,"
                        + DUE_OR_WOKEN
                        + THIS_ONE,
                payout,
                in -> in.text(name).time(at).time(now).time(null));
    }

    /** Its money is in the wallet again. */
    Payout back(Payout payout, PayoutState state, @Nullable String declineCode, Instant at) {
        return one(
                """
                update payout
                   set state = ?, decline_code = ?, back_at = ?, due_at = null
                """
                        + THIS_ONE,
                payout,
                in -> in.text(state.name()).text(declineCode).time(at));
    }

    /** What was given back has arrived, too; kept, because somebody has to look at it. */
    void contradicted(Payout payout, Instant at) {
        database.update(
                """
                update payout set contradicted_at = coalesce(contradicted_at, ?), due_at = null
                 where customer = ? and id = ?
                """,
                in -> in.time(at).uuid(payout.customer()).uuid(payout.id()));
    }

    /**
     * Those that somebody has to come to, for whoever comes until the lease is over; what another
     * replica is at is left to it.
     */
    List<Payout> claimDue(Instant now, Instant leasedUntil, int atMost) {
        return database.query(
                """
                update payout
                   set due_at = ?, asked = asked + 1
                  from (select customer as owner, id as one
                          from payout
                         where due_at <= ?
                         order by due_at
                         limit ?
                           for update skip locked) due
                 where customer = owner and id = one
                returning
                """
                        + COLUMNS,
                in -> in.time(leasedUntil).time(now).number(atMost),
                PayoutStore::read);
    }

    /** The processor has told something about a push: somebody is to ask at once. */
    boolean dueNow(UUID push, Instant now) {
        return database.update(
                        """
                        update payout set due_at = ?
                         where push = ? and state <> 'DECLINED' and (due_at is null or due_at > ?)
                        """,
                        in -> in.time(now).uuid(push).time(now))
                == 1;
    }

    /** Whether this is, or once was, the push of one, whatever has become of it. */
    boolean isKnown(UUID push) {
        return database.find(
                        "select 1 from payout where push = ? union all select 1 from payout where id = ?",
                        in -> in.uuid(push).uuid(push),
                        row -> row.getInt(1))
                .isPresent();
    }

    /** Whether it is on its way or has arrived, as far as we know. */
    boolean isStanding(UUID push) {
        return database.find(
                        "select 1 from payout where push = ? and state in ('IN_TRANSIT', 'PAID')",
                        in -> in.uuid(push),
                        row -> row.getInt(1))
                .isPresent();
    }

    private Payout one(String sql, Payout payout, Consumer<Parameters> values) {
        return database.find(
                        sql,
                        in -> {
                            values.accept(in);
                            in.uuid(payout.customer()).uuid(payout.id());
                        },
                        PayoutStore::read)
                .orElseThrow();
    }

    private static Payout read(ResultSet row) throws SQLException {
        var currency = Currency.valueOf(row.getString(5));
        return new Payout(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                new Money(row.getLong(4), currency),
                new Money(row.getLong(6), currency),
                Speed.valueOf(row.getString(7)),
                Speed.valueOf(row.getString(8)),
                PayoutState.valueOf(row.getString(9)),
                row.getString(10),
                row.getString(11),
                row.getObject(12, UUID.class),
                row.getTimestamp(13).toInstant(),
                time(row.getTimestamp(14)),
                row.getString(15),
                row.getTimestamp(16).toInstant(),
                row.getTimestamp(17).toInstant(),
                time(row.getTimestamp(18)),
                time(row.getTimestamp(19)));
    }

    private static @Nullable Instant time(@Nullable Timestamp stamp) {
        return stamp == null ? null : stamp.toInstant();
    }
}
