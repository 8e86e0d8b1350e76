package kvit.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.idempotency.Answer;
import kvit.identity.Visibility;
import kvit.ledger.MoneyTransactions;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The table transfer: all SQL that touches it, over arrays where a list of attempts passes through.
 */
@ApplicationScoped
class TransferStore {

    /**
     * A transfer with the key it stands for and its first answer.
     *
     * @param status of no meaning while there is no answer
     * @param body null while a card is charged for it that waited for nothing else, and nobody has
     *     asked again
     * @param ruleSet the version of the rules that decided; null where they were not asked
     * @param ruling what they looked at and said, as JSON
     * @param limits of one that waits or that a card pays for: those that it is held against when
     *     it settles, as JSON
     */
    record Stored(
            Transfer transfer,
            String key,
            String fingerprint,
            int status,
            @Nullable String body,
            @Nullable Long ruleSet,
            @Nullable String ruling,
            @Nullable String limits) {

        Attempt.Owned owned() {
            return new Attempt.Owned(transfer.payer(), key);
        }
    }

    /**
     * Which transfers of a person.
     *
     * @param sent those that they paid, declined ones included
     * @param received those that they were paid
     * @param from created not before
     * @param to created before
     * @param after the last one of the page before this one
     */
    record Query(
            UUID person,
            boolean sent,
            boolean received,
            @Nullable TransferState state,
            @Nullable String key,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable UUID after,
            int limit) {}

    /** What has become of a transfer that waited, and who has looked at it, if somebody has. */
    record Change(Transfer transfer, @Nullable Review review) {}

    private static final String COLUMNS =
            """
            id, payer, payee, minor, currency, note, visibility, reference, conversation, state, decline_code,
            refund_of, refunded, created_at, completed_at, key, fingerprint, answer_status, answer,
            rule_set, ruling, expires_at, review, limits, funding, request, share, phone, awaited
            """;

    private final Database database;
    private final ObjectMapper json;

    TransferStore(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    Map<Attempt.Owned, Stored> byKeys(Collection<Attempt.Owned> keys) {
        var byKey = new HashMap<Attempt.Owned, Stored>();
        database.query(
                        "select "
                                + COLUMNS
                                + """
                                  from transfer
                                 where (payer, key) in (select * from unnest(?, ?))
                                """,
                        in -> in.uuids(keys, Attempt.Owned::payer).texts(keys, Attempt.Owned::key),
                        this::read)
                .forEach(it -> byKey.put(it.owned(), it));
        return byKey;
    }

    /**
     * Stores them, with the next statement or at the end of the transaction, which is void where a
     * key is not new.
     *
     * @throws MoneyTransactions.Superseded then, when somebody else has just taken one of the keys
     */
    void insert(List<Stored> rows) {
        var transfers = rows.stream().map(Stored::transfer).toList();
        database.updateLater(
                """
                insert into transfer (id, payer, payee, minor, currency, note, visibility, reference,
                                      conversation, state, decline_code, refund_of, created_at,
                                      completed_at, key, fingerprint, answer_status, answer,
                                      rule_set, ruling, expires_at, review, limits, request, share,
                                      phone)
                select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                                     cast(? as jsonb[]), ?, ?, cast(? as jsonb[]), ?, ?, ?)
                on conflict do nothing
                """,
                in ->
                        in.uuids(transfers, Transfer::id)
                                .uuids(transfers, Transfer::payer)
                                .uuids(transfers, Transfer::payee)
                                .numbers(transfers, it -> it.amount().minor())
                                .texts(transfers, it -> it.amount().currency().name())
                                .texts(transfers, Transfer::note)
                                .texts(transfers, it -> it.visibility().name())
                                .texts(transfers, Transfer::reference)
                                .texts(transfers, Transfer::conversation)
                                .texts(transfers, it -> it.state().name())
                                .texts(transfers, Transfer::declineCode)
                                .uuids(transfers, Transfer::refundOf)
                                .times(transfers, Transfer::createdAt)
                                .times(transfers, Transfer::completedAt)
                                .texts(rows, Stored::key)
                                .texts(rows, Stored::fingerprint)
                                .numbers(rows, it -> (long) it.status())
                                .texts(rows, Stored::body)
                                .numbers(rows, Stored::ruleSet)
                                .texts(rows, Stored::ruling)
                                .times(transfers, Transfer::expiresAt)
                                .flags(transfers, Transfer::review)
                                .texts(rows, Stored::limits)
                                .uuids(transfers, TransferStore::request)
                                .uuids(transfers, TransferStore::share)
                                .texts(transfers, Transfer::phone),
                inserted -> {
                    if (inserted < rows.size()) {
                        throw new MoneyTransactions.Superseded("another request has the same key");
                    }
                });
    }

    /**
     * Stores one that a card pays for, or was to.
     *
     * @throws MoneyTransactions.Superseded when somebody else has just taken its key
     */
    void insertFunded(Stored row) {
        var transfer = row.transfer();
        var inserted =
                database.update(
                        """
                        insert into transfer (id, payer, payee, minor, currency, note, visibility, reference,
                                              conversation, state, decline_code, created_at, completed_at,
                                              key, fingerprint, answer_status, answer, rule_set, ruling,
                                              expires_at, review, limits, funding, request, share, phone)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as jsonb),
                                ?, ?, cast(? as jsonb), cast(? as jsonb), ?, ?, ?)
                        on conflict do nothing
                        """,
                        in ->
                                in.uuid(transfer.id())
                                        .uuid(transfer.payer())
                                        .uuid(transfer.payee())
                                        .number(transfer.amount().minor())
                                        .text(transfer.amount().currency().name())
                                        .text(transfer.note())
                                        .text(transfer.visibility().name())
                                        .text(transfer.reference())
                                        .text(transfer.conversation())
                                        .text(transfer.state().name())
                                        .text(transfer.declineCode())
                                        .time(transfer.createdAt())
                                        .time(transfer.completedAt())
                                        .text(row.key())
                                        .text(row.fingerprint())
                                        .number(
                                                row.body() == null
                                                        ? null
                                                        : (Long) (long) row.status())
                                        .text(row.body())
                                        .number(row.ruleSet())
                                        .text(row.ruling())
                                        .time(transfer.expiresAt())
                                        .flag(transfer.review())
                                        .text(row.limits())
                                        .text(write(transfer.funding()))
                                        .uuid(request(transfer))
                                        .uuid(share(transfer))
                                        .text(transfer.phone()));
        if (inserted == 0) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
    }

    /** The first answer, of one that has none. */
    void answered(Transfer transfer, Answer answer) {
        database.update(
                "update transfer set answer_status = ?, answer = ? where payer = ? and id = ?",
                in ->
                        in.number(answer.status())
                                .text(answer.body())
                                .uuid(transfer.payer())
                                .uuid(transfer.id()));
    }

    private static @Nullable UUID request(Transfer transfer) {
        return transfer.share() == null ? null : transfer.share().id();
    }

    private static @Nullable UUID share(Transfer transfer) {
        return transfer.share() == null ? null : transfer.share().shareId();
    }

    private static @Nullable ShareRef share(ResultSet row) throws SQLException {
        var share = row.getObject(27, UUID.class);
        return share == null ? null : new ShareRef(row.getObject(26, UUID.class), share);
    }

    private @Nullable String write(@Nullable Funding funding) {
        try {
            return funding == null ? null : json.writeValueAsString(funding);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a funding is a plain record", e);
        }
    }

    private @Nullable Funding funding(@Nullable String text) {
        try {
            return text == null ? null : json.readValue(text, Funding.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what a card pays cannot be read", e);
        }
    }

    /** One that the rules were asked about. */
    Optional<Stored> ruled(UUID id) {
        return database.find(
                "select " + COLUMNS + " from transfer where id = ? and rule_set is not null",
                in -> in.uuid(id),
                this::read);
    }

    /** Those that wait for somebody to look at them, the oldest first. */
    List<Stored> toReview(Instant now, @Nullable UUID after, int atMost) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                           from transfer
                          where state = 'PENDING' and expires_at > ?
                            and (cast(? as uuid) is null or id > ?)
                          order by id
                          limit ?
                        """,
                in -> in.time(now).uuid(after).uuid(after).number(atMost),
                this::read);
    }

    /** Those that the rules were asked about, in the order of time. */
    List<Stored> ruledAfter(UUID id, int atMost) {
        return database.query(
                "select "
                        + COLUMNS
                        + " from transfer where id > ? and rule_set is not null order by id limit"
                        + " ?",
                in -> in.uuid(id).number(atMost),
                this::read);
    }

    Optional<Transfer> find(UUID id) {
        return byIds(List.of(id)).values().stream().findFirst();
    }

    Map<UUID, Transfer> byIds(Collection<UUID> ids) {
        return transfers(
                "select " + COLUMNS + " from transfer where id = any (?)", in -> in.uuids(ids));
    }

    /** In id order, and before any account is locked: nobody waits in a circle. */
    Map<UUID, Transfer> lock(Collection<UUID> ids) {
        return transfers(
                "select " + COLUMNS + " from transfer where id = any (?) order by id for update",
                in -> in.uuids(ids));
    }

    /** One with all that is known of it, under lock like any other. */
    Stored lockStored(UUID id) {
        return database.find(
                        "select " + COLUMNS + " from transfer where id = ? for update",
                        in -> in.uuid(id),
                        this::read)
                .orElseThrow();
    }

    /** What cards of these payers are being charged for at this moment, and what is unclaimed. */
    List<Stored> underWay(Collection<UUID> payers) {
        return database.query(
                "select "
                        + COLUMNS
                        + " from transfer"
                        + " where payer = any (?) and state in ('CHARGING', 'UNCLAIMED')",
                in -> in.uuids(payers),
                this::read);
    }

    /** What waits for this customer, or for whoever has this phone; the oldest first. */
    List<UUID> unclaimedBy(UUID customer, String phone, int atMost) {
        return database.query(
                """
                (select id from transfer
                  where phone = ? and state = 'UNCLAIMED' and phone is not null and payee is null
                  order by id limit ?)
                union all
                (select id from transfer
                  where payee = ? and state = 'UNCLAIMED' and payee is not null
                  order by id limit ?)
                """,
                in -> in.text(phone).number(atMost).uuid(customer).number(atMost),
                row -> row.getObject(1, UUID.class));
    }

    /** Those of these who have been paid before, by whomever. */
    Set<UUID> paidBefore(Collection<UUID> customers) {
        return Set.copyOf(
                database.query(
                        """
                        select c.id
                          from unnest(?) as c (id)
                         cross join lateral (select 1
                                               from transfer
                                              where payee = c.id and completed_at is not null
                                              limit 1) o
                        """,
                        in -> in.uuids(Set.copyOf(customers)),
                        row -> row.getObject(1, UUID.class)));
    }

    /** The limits that one is held against that was made before anybody knew its payee. */
    void limited(Transfer transfer, String limits) {
        database.update(
                "update transfer set limits = cast(? as jsonb) where payer = ? and id = ?",
                in -> in.text(limits).uuid(transfer.payer()).uuid(transfer.id()));
    }

    /**
     * Those that have waited for too long; at most so many. Without those that somebody is at:
     * whoever is, comes to an end of their own, or leaves them to the next sweep.
     */
    List<Transfer> lockDue(Instant now, int atMost) {
        return List.copyOf(
                transfers(
                                "select "
                                        + COLUMNS
                                        + """
                                           from transfer
                                          where state in ('REQUIRES_CONFIRMATION', 'PENDING', 'UNCLAIMED')
                                            and expires_at <= ?
                                          order by expires_at
                                          limit ?
                                            for update skip locked
                                        """,
                                in -> in.time(now).number(atMost))
                        .values());
    }

    /** Some that somebody has sent and that wait, under lock and in the order of their ids. */
    List<Transfer> lockWaiting(UUID payer, int atMost) {
        return List.copyOf(
                transfers(
                                "select "
                                        + COLUMNS
                                        + """
                                           from transfer
                                          where payer = ?
                                            and state in ('REQUIRES_CONFIRMATION', 'PENDING', 'UNCLAIMED')
                                          order by id
                                          limit ?
                                            for update
                                        """,
                                in -> in.uuid(payer).number(atMost))
                        .values());
    }

    /** Who has looked at one stays written, and that one has waited for its payee. */
    void update(List<Change> changes) {
        database.update(
                """
                update transfer t
                   set state = c.state, decline_code = c.decline_code, completed_at = c.completed_at,
                       expires_at = c.expires_at, payee = c.payee, review = c.review,
                       awaited = c.awaited,
                       reviewed_by = coalesce(c.reviewed_by, t.reviewed_by),
                       review_reason = coalesce(c.review_reason, t.review_reason)
                  from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    as c (payer, id, payee, review, awaited, state, decline_code, completed_at,
                          expires_at, reviewed_by, review_reason)
                 where t.payer = c.payer and t.id = c.id
                """,
                in ->
                        in.uuids(changes, it -> it.transfer().payer())
                                .uuids(changes, it -> it.transfer().id())
                                .uuids(changes, it -> it.transfer().payee())
                                .flags(changes, it -> it.transfer().review())
                                .flags(changes, it -> it.transfer().awaited())
                                .texts(changes, it -> it.transfer().state().name())
                                .texts(changes, it -> it.transfer().declineCode())
                                .times(changes, it -> it.transfer().completedAt())
                                .times(changes, it -> it.transfer().expiresAt())
                                .texts(changes, it -> it.review() == null ? null : it.review().by())
                                .texts(
                                        changes,
                                        it -> it.review() == null ? null : it.review().reason()));
    }

    /** What its two parties say of who may see it, with its row under lock. */
    Words words(Transfer transfer) {
        return database.find(
                        """
                        select payer_says, payee_says from transfer
                         where payer = ? and id = ? and payer_says is not null
                        """,
                        in -> in.uuid(transfer.payer()).uuid(transfer.id()),
                        row ->
                                new Words(
                                        Visibility.valueOf(row.getString(1)),
                                        Visibility.valueOf(row.getString(2))))
                .orElseGet(() -> Words.beginning(transfer.visibility()));
    }

    /** By itself: nothing else of a transfer changes with it. */
    void say(Transfer transfer, Words words) {
        database.update(
                """
                update transfer set payer_says = ?, payee_says = ?, visibility = ?
                 where payer = ? and id = ?
                """,
                in ->
                        in.text(words.payer().name())
                                .text(words.payee().name())
                                .text(words.holds().name())
                                .uuid(transfer.payer())
                                .uuid(transfer.id()));
    }

    void updateRefunded(Collection<Transfer> transfers) {
        if (transfers.isEmpty()) {
            return;
        }
        database.update(
                """
                update transfer t
                   set state = r.state, refunded = r.refunded
                  from unnest(?, ?, ?, ?) as r (payer, id, state, refunded)
                 where t.payer = r.payer and t.id = r.id
                """,
                in ->
                        in.uuids(transfers, Transfer::payer)
                                .uuids(transfers, Transfer::id)
                                .texts(transfers, it -> it.state().name())
                                .numbers(transfers, Transfer::refunded));
    }

    /**
     * Newest first. The two directions have an index each, so each is read by its own and only so
     * far; and so has what waits for this person, of which there is hardly ever any.
     */
    List<Transfer> list(Query query) {
        var filter =
                """
                   and (cast(? as text) is null or state = ?
                        or (state in ('CHARGING', 'UNCLAIMED') and ? = 'PENDING'))
                   and (cast(? as text) is null or (payer = ? and key = ?))
                   and (cast(? as timestamptz) is null or created_at >= ?)
                   and (cast(? as timestamptz) is null or created_at < ?)
                   and (cast(? as uuid) is null or id < ?)
                 order by id desc
                 limit ?
                """;
        return List.copyOf(
                transfers(
                                "(select "
                                        + COLUMNS
                                        + " from transfer where payer = ? and ? "
                                        + filter
                                        + ") union all (select "
                                        + COLUMNS
                                        + " from transfer where payee = ? and completed_at is not"
                                        + " null and ? "
                                        + filter
                                        + ") union all (select "
                                        + COLUMNS
                                        + " from transfer where payee = ? and payee is not null"
                                        + " and state = 'UNCLAIMED' and ? "
                                        + filter
                                        + ") order by id desc limit ?",
                                in -> {
                                    bind(in, query, query.sent());
                                    bind(in, query, query.received());
                                    bind(in, query, query.received());
                                    in.number(query.limit());
                                })
                        .values());
    }

    private static void bind(Parameters in, Query query, boolean wanted) {
        var state = query.state() == null ? null : query.state().name();
        in.uuid(query.person())
                .flag(wanted)
                .text(state)
                .text(state)
                .text(state)
                .text(query.key())
                .uuid(query.person())
                .text(query.key())
                .time(query.from())
                .time(query.from())
                .time(query.to())
                .time(query.to())
                .uuid(query.after())
                .uuid(query.after())
                .number(query.limit());
    }

    private Map<UUID, Transfer> transfers(String sql, Consumer<Parameters> bind) {
        var transfers = new LinkedHashMap<UUID, Transfer>();
        database.query(sql, bind, this::read)
                .forEach(it -> transfers.put(it.transfer().id(), it.transfer()));
        return transfers;
    }

    private Stored read(ResultSet row) throws SQLException {
        var completedAt = row.getTimestamp(15);
        var expiresAt = row.getTimestamp(22);
        var transfer =
                new Transfer(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getObject(3, UUID.class),
                        row.getString(28),
                        new Money(row.getLong(4), Currency.valueOf(row.getString(5))),
                        row.getString(6),
                        Visibility.valueOf(row.getString(7)),
                        row.getString(8),
                        row.getString(9),
                        TransferState.valueOf(row.getString(10)),
                        row.getString(11),
                        row.getObject(12, UUID.class),
                        row.getLong(13),
                        row.getTimestamp(14).toInstant(),
                        completedAt == null ? null : completedAt.toInstant(),
                        expiresAt == null ? null : expiresAt.toInstant(),
                        row.getBoolean(23),
                        funding(row.getString(25)),
                        share(row),
                        row.getBoolean(29));
        return new Stored(
                transfer,
                row.getString(16),
                row.getString(17),
                row.getInt(18),
                row.getString(19),
                row.getObject(20, Long.class),
                row.getString(21),
                row.getString(24));
    }
}
