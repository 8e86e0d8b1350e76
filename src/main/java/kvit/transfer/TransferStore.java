package kvit.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import kvit.idempotency.Answer;
import kvit.identity.Visibility;
import kvit.ledger.MoneyTransactions;
import org.jspecify.annotations.Nullable;

/** The table transfer, by keys and ids; over arrays where a list of attempts passes through. */
@ApplicationScoped
class TransferStore {

    /** What has become of a transfer that waited, and who has looked at it, if somebody has. */
    record Change(Transfer transfer, @Nullable Review review) {}

    private final Database database;
    private final TransferRows rows;
    private final ObjectMapper json;

    TransferStore(Database database, TransferRows rows, ObjectMapper json) {
        this.database = database;
        this.rows = rows;
        this.json = json;
    }

    Map<Attempt.Owned, StoredTransfer> byKeys(Collection<Attempt.Owned> keys) {
        var byKey = new HashMap<Attempt.Owned, StoredTransfer>();
        rows.stored(
                        """
                          from transfer
                         where (payer, key) in (select * from unnest(?, ?))
                        """,
                        in -> in.uuids(keys, Attempt.Owned::payer).texts(keys, Attempt.Owned::key))
                .forEach(it -> byKey.put(it.owned(), it));
        return byKey;
    }

    /**
     * Stores them, with the next statement or at the end of the transaction, which is void where a
     * key is not new.
     *
     * @throws MoneyTransactions.Superseded then, when somebody else has just taken one of the keys
     */
    void insert(List<StoredTransfer> stored) {
        var transfers = stored.stream().map(StoredTransfer::transfer).toList();
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
                                .texts(stored, StoredTransfer::key)
                                .texts(stored, StoredTransfer::fingerprint)
                                .numbers(stored, it -> (long) it.status())
                                .texts(stored, StoredTransfer::body)
                                .numbers(stored, StoredTransfer::ruleSet)
                                .texts(stored, StoredTransfer::ruling)
                                .times(transfers, Transfer::expiresAt)
                                .flags(transfers, Transfer::review)
                                .texts(stored, StoredTransfer::limits)
                                .uuids(transfers, TransferStore::request)
                                .uuids(transfers, TransferStore::share)
                                .texts(transfers, Transfer::phone),
                inserted -> {
                    if (inserted < stored.size()) {
                        throw new MoneyTransactions.Superseded("another request has the same key");
                    }
                });
    }

    /**
     * Stores one that a card pays for, or was to.
     *
     * @throws MoneyTransactions.Superseded when somebody else has just taken its key
     */
    void insertFunded(StoredTransfer row) {
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

    private @Nullable String write(@Nullable Funding funding) {
        try {
            return funding == null ? null : json.writeValueAsString(funding);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a funding is a plain record", e);
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

    /** One that the rules were asked about. */
    Optional<StoredTransfer> ruled(UUID id) {
        return rows.find("from transfer where id = ? and rule_set is not null", in -> in.uuid(id));
    }

    /** Those that the rules were asked about, in the order of time. */
    List<StoredTransfer> ruledAfter(UUID id, int atMost) {
        return rows.stored(
                "from transfer where id > ? and rule_set is not null order by id limit ?",
                in -> in.uuid(id).number(atMost));
    }

    Optional<Transfer> find(UUID id) {
        return byIds(List.of(id)).values().stream().findFirst();
    }

    Map<UUID, Transfer> byIds(Collection<UUID> ids) {
        return rows.transfers("from transfer where id = any (?)", in -> in.uuids(ids));
    }

    /** In id order, and before any account is locked: nobody waits in a circle. */
    Map<UUID, Transfer> lock(Collection<UUID> ids) {
        return rows.transfers(
                "from transfer where id = any (?) order by id for update", in -> in.uuids(ids));
    }

    /** One with all that is known of it, under lock like any other. */
    StoredTransfer lockStored(UUID id) {
        return rows.find("from transfer where id = ? for update", in -> in.uuid(id)).orElseThrow();
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
}
