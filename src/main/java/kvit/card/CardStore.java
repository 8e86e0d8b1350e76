package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/** The table card. */
@ApplicationScoped
class CardStore {

    /** What of a card is under a key. */
    record Secret(Vault.Owner owner, Vault.Sealed sealed) {}

    /** What of a card is under a key, and that by which its number is known again. */
    static final class Known {

        private final Secret secret;
        private final byte[] fingerprint;

        Known(Secret secret, byte[] fingerprint) {
            this.secret = secret;
            this.fingerprint = fingerprint;
        }

        Secret secret() {
            return secret;
        }

        boolean hasFingerprint(byte[] other) {
            return MessageDigest.isEqual(fingerprint, other);
        }
    }

    private static final String COLUMNS =
            "id, customer, state, brand, last4, expiry, reference, funding, created_at,"
                    + " payout_reference, payout_refusal";

    private static final String SECRET = "id, customer, sealed, wrapped_key, key_version";

    private final Database database;

    CardStore(Database database) {
        this.database = database;
    }

    /**
     * Fails on a unique key where somebody has the number, or took the slot, in this moment.
     *
     * @param exclusive whether nobody else may have the number
     */
    void insert(Card card, Vault.Sealed sealed, byte[] fingerprint, boolean exclusive, int slot) {
        database.update(
                """
                insert into card (id, customer, state, brand, last4, expiry, sealed, wrapped_key,
                                  key_version, fingerprint, exclusive, slot, created_at)
                values (?, ?, ?, ?, ?, cast(? as date), ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(card.id())
                                .uuid(card.customer())
                                .text(card.state().name())
                                .text(card.brand().name())
                                .text(card.last4())
                                .text(card.expiry().atDay(1).toString())
                                .bytes(sealed.content())
                                .bytes(sealed.wrappedKey())
                                .number(sealed.keyVersion())
                                .bytes(fingerprint)
                                .flag(exclusive)
                                .number(slot)
                                .time(card.createdAt()));
    }

    Optional<Card> find(UUID customer, UUID id) {
        return database.find(
                "select " + COLUMNS + " from card where customer = ? and id = ?",
                in -> in.uuid(customer).uuid(id),
                CardStore::read);
    }

    Optional<Card> lock(UUID customer, UUID id) {
        return database.find(
                "select " + COLUMNS + " from card where customer = ? and id = ? for update",
                in -> in.uuid(customer).uuid(id),
                CardStore::read);
    }

    /** Those that somebody has, the newest first. */
    List<Card> living(UUID customer) {
        return database.query(
                "select "
                        + COLUMNS
                        + " from card where customer = ? and ended_at is null order by id desc",
                in -> in.uuid(customer),
                CardStore::read);
    }

    /** Whether the number is there: with this customer, or with anybody. */
    boolean isThere(byte[] fingerprint, UUID customer, boolean withAnybody) {
        return database.find(
                        "select 1 from card where fingerprint = ? and (customer = ? or ?) limit 1",
                        in -> in.bytes(fingerprint).uuid(customer).flag(withAnybody),
                        row -> true)
                .isPresent();
    }

    /** A card that is not good any more keeps nobody from having another one. */
    void freeSlotsOfBefore(UUID customer, YearMonth month) {
        database.update(
                """
                update card set slot = null
                 where customer = ? and slot is not null and expiry < cast(? as date)
                """,
                in -> in.uuid(customer).text(month.atDay(1).toString()));
    }

    /** The lowest of so many that is free. */
    Optional<Integer> freeSlot(UUID customer, int slots) {
        return database.find(
                """
                select n from generate_series(1, cast(? as integer)) n
                 where not exists (select from card where customer = ? and slot = n)
                 order by n
                 limit 1
                """,
                in -> in.number(slots).uuid(customer),
                row -> row.getInt(1));
    }

    /**
     * Those of whom the processor has said nothing yet, under lock.
     *
     * @param fingerprint of the number; null for any
     */
    List<Card> lockUnanswered(UUID customer, byte @Nullable [] fingerprint) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from card
                         where customer = ? and state = 'PENDING_VERIFICATION' and reference is null
                           and (? or fingerprint = ?)
                         order by id
                           for update
                        """,
                in -> in.uuid(customer).flag(fingerprint == null).bytes(fingerprint),
                CardStore::read);
    }

    void registered(UUID id, Registration.Registered as) {
        database.update(
                """
                update card
                   set reference = ?, funding = ?, payout_reference = ?, payout_refusal = ?
                 where id = ?
                """,
                in ->
                        in.text(as.reference())
                                .text(as.funding().name())
                                .text(as.wayOut().reference())
                                .text(as.wayOut().refusal())
                                .uuid(id));
    }

    /** By what name money goes out to a card of theirs, be it one of before; the newest. */
    Optional<String> wayOutOf(UUID customer) {
        return database.find(
                """
                select payout_reference from card
                 where customer = ? and payout_reference is not null
                 order by id desc
                 limit 1
                """,
                in -> in.uuid(customer),
                row -> row.getString(1));
    }

    Set<UUID> ownersAmong(Collection<UUID> customers) {
        return Set.copyOf(
                database.query(
                        """
                        select c.id
                          from unnest(?) as c (id)
                         cross join lateral (select 1
                                               from card
                                              where customer = c.id and activated_at is not null
                                              limit 1) o
                        """,
                        in -> in.uuids(Set.copyOf(customers)),
                        row -> row.getObject(1, UUID.class)));
    }

    void activated(UUID id, Instant now) {
        database.update(
                "update card set state = 'ACTIVE', activated_at = ? where id = ?",
                in -> in.time(now).uuid(id));
    }

    /** Nothing is left of the number, nor of the key that it was sealed by. */
    void ended(Card card, String reason, Instant now) {
        database.update(
                """
                update card
                   set state = ?, end_reason = ?, ended_at = ?, sealed = null, wrapped_key = null,
                       key_version = null, fingerprint = null, slot = null
                 where id = ?
                """,
                in -> in.text(card.state().name()).text(reason).time(now).uuid(card.id()));
    }

    /** Of one that nobody was ever told of. */
    void cutOff(Card card, Instant now) {
        ended(card.become(CardState.EXPIRED), "cut-off", now);
    }

    /**
     * Enrolments from before that nobody has finished; what another replica is at is left to it.
     */
    List<Card> lockAbandoned(Instant before, int atMost) {
        return database.query(
                "select "
                        + COLUMNS
                        + """
                         from card
                         where state = 'PENDING_VERIFICATION' and created_at <= ?
                         order by created_at
                         limit ?
                           for update skip locked
                        """,
                in -> in.time(before).number(atMost),
                CardStore::read);
    }

    Optional<Vault.Sealed> sealed(Vault.Owner owner) {
        return database.find(
                        "select "
                                + SECRET
                                + " from card where customer = ? and id = ? and sealed is not null",
                        in -> in.uuid(owner.customer()).uuid(owner.card()),
                        CardStore::readSecret)
                .map(Secret::sealed);
    }

    /** Some whose data key the key of this version wraps, under lock, from an id on. */
    List<Secret> lockWrappedBy(int keyVersion, UUID after, int atMost) {
        return database.query(
                "select "
                        + SECRET
                        + """
                         from card
                         where key_version = ? and id > ? and wrapped_key is not null
                         order by id
                         limit ?
                           for update
                        """,
                in -> in.number(keyVersion).uuid(after).number(atMost),
                CardStore::readSecret);
    }

    /** The newest whose data key the key of this version wraps. */
    List<Known> newestWrappedBy(int keyVersion, int atMost) {
        return database.query(
                "select "
                        + SECRET
                        + """
                        , fingerprint
                         from card
                         where key_version = ? and wrapped_key is not null
                         order by id desc
                         limit ?
                        """,
                in -> in.number(keyVersion).number(atMost),
                row -> new Known(readSecret(row), row.getBytes(6)));
    }

    /** The next version of a key that some card needs, by the index and not by looking at cards. */
    OptionalInt keyVersionAbove(int version) {
        return database.find(
                        """
                        select key_version from card
                         where key_version > ? and wrapped_key is not null
                         order by key_version
                         limit 1
                        """,
                        in -> in.number(version),
                        row -> row.getInt(1))
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    /** What is sealed stays as it is. */
    void rewrapped(List<Secret> secrets) {
        database.update(
                """
                update card c
                   set wrapped_key = decode(n.wrapped_key, 'hex'), key_version = n.key_version
                  from unnest(?, ?, ?) as n (id, wrapped_key, key_version)
                 where c.id = n.id
                """,
                in ->
                        in.uuids(secrets, it -> it.owner().card())
                                .texts(
                                        secrets,
                                        it -> HexFormat.of().formatHex(it.sealed().wrappedKey()))
                                .numbers(secrets, it -> (long) it.sealed().keyVersion()));
    }

    private static Card read(ResultSet row) throws SQLException {
        var funding = row.getString(8);
        return new Card(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                CardState.valueOf(row.getString(3)),
                Brand.valueOf(row.getString(4)),
                row.getString(5),
                YearMonth.from(row.getObject(6, LocalDate.class)),
                row.getString(7),
                funding == null ? null : Funding.valueOf(funding),
                wayOut(row.getString(10), row.getString(11)),
                row.getTimestamp(9).toInstant());
    }

    private static @Nullable WayOut wayOut(@Nullable String reference, @Nullable String refusal) {
        return reference == null && refusal == null ? null : new WayOut(reference, refusal);
    }

    private static Secret readSecret(ResultSet row) throws SQLException {
        return new Secret(
                new Vault.Owner(row.getObject(1, UUID.class), row.getObject(2, UUID.class)),
                new Vault.Sealed(row.getBytes(3), row.getBytes(4), row.getInt(5)));
    }
}
