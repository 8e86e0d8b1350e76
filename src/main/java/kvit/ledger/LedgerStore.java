package kvit.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import kvit.ledger.Posting.Line;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The tables account, posting, entry and hold: all SQL that touches them.
 *
 * <p>Plain JDBC over arrays, because a list of any length has to be one statement. The connection
 * is that of the running transaction, if there is one.
 */
@ApplicationScoped
class LedgerStore {

    private final DataSource database;

    LedgerStore(DataSource database) {
        this.database = database;
    }

    /** What one list of postings adds to the books. */
    static class Writing {

        private record Header(Posting posting, Instant at) {}

        private record Entry(
                UUID account,
                long sequence,
                UUID posting,
                long minor,
                long balanceAfter,
                Instant at) {}

        private record Capture(Hold hold, long minor, Instant at) {}

        private final List<Header> headers = new ArrayList<>();
        private final List<Entry> entries = new ArrayList<>();
        private final List<Capture> captures = new ArrayList<>();

        void add(Posting posting, Instant at) {
            headers.add(new Header(posting, at));
        }

        /** The line that has just moved the standing. */
        void add(Posting posting, Standing moved, long minor) {
            entries.add(
                    new Entry(
                            moved.id(),
                            moved.sequence(),
                            posting.id(),
                            minor,
                            moved.balance(),
                            moved.movedAt()));
        }

        void capture(Hold hold, long minor, Instant at) {
            captures.add(new Capture(hold, minor, at));
        }
    }

    /** Locks the accounts in the order of their ids. One that was never used stands at nothing. */
    Map<UUID, Standing> lock(Collection<Account> accounts, Instant now) {
        var standings = lockById(accounts.stream().map(Account::id).toList());
        accounts.forEach(
                it -> standings.computeIfAbsent(it.id(), id -> Standing.unopened(it, now)));
        return standings;
    }

    /**
     * The one statement that takes locks on accounts. It stands alone, because an engine that
     * distributes accounts over machines needs another form of it.
     */
    Map<UUID, Standing> lockById(Collection<UUID> ids) {
        return query(
                """
                select id, floor, balance, held, sequence, moved_at
                  from account
                 where id = any (?)
                 order by id
                   for update
                """,
                (connection, statement) -> statement.setArray(1, uuids(connection, ids)),
                rows -> {
                    var standings = new HashMap<UUID, Standing>();
                    while (rows.next()) {
                        var id = rows.getObject(1, UUID.class);
                        standings.put(
                                id,
                                new Standing(
                                        id,
                                        rows.getObject(2, Long.class),
                                        rows.getLong(3),
                                        rows.getLong(4),
                                        rows.getLong(5),
                                        rows.getTimestamp(6).toInstant()));
                    }
                    return standings;
                });
    }

    /**
     * Opens accounts with their first posting, so that a refusal leaves none behind; in id order,
     * as the locks are. Whoever loses against another first posting has decided on a balance that
     * is no more, and decides again.
     */
    private void open(List<Account> accounts, Instant now) {
        if (accounts.isEmpty()) {
            return;
        }
        var opened =
                update(
                        """
                        insert into account (id, kind, owner, currency, floor, opened_at, moved_at)
                        select id, kind, owner, currency, floor,
                               cast(? as timestamptz), cast(? as timestamptz)
                          from unnest(?, ?, ?, ?, ?) as a (id, kind, owner, currency, floor)
                         order by id
                        on conflict do nothing
                        """,
                        (connection, statement) -> {
                            statement.setTimestamp(1, Timestamp.from(now));
                            statement.setTimestamp(2, Timestamp.from(now));
                            statement.setArray(
                                    3,
                                    uuids(connection, accounts.stream().map(Account::id).toList()));
                            statement.setArray(
                                    4,
                                    texts(
                                            connection,
                                            accounts.stream().map(it -> it.kind().name())));
                            statement.setArray(
                                    5,
                                    connection.createArrayOf(
                                            "uuid",
                                            accounts.stream().map(Account::owner).toArray()));
                            statement.setArray(
                                    6,
                                    texts(
                                            connection,
                                            accounts.stream().map(it -> it.currency().name())));
                            statement.setArray(
                                    7,
                                    connection.createArrayOf(
                                            "int8",
                                            accounts.stream()
                                                    .map(it -> it.kind().floor())
                                                    .toArray()));
                        });
        if (opened < accounts.size()) {
            throw new MoneyTransactions.Superseded(
                    "somebody else has just opened the same account");
        }
    }

    /** What a list of postings adds: the postings, the captures, and what has moved. */
    void write(Writing writing, Collection<Standing> standings) {
        if (writing.headers.isEmpty()) {
            return;
        }
        var moved =
                writing.entries.stream().map(Writing.Entry::account).collect(Collectors.toSet());
        var touched = standings.stream().filter(it -> moved.contains(it.id())).toList();
        open(
                touched.stream().map(Standing::unopened).flatMap(Optional::stream).toList(),
                writing.headers.get(0).at());
        insertPostings(writing.headers);
        if (!writing.captures.isEmpty()) {
            updateCaptured(writing.captures);
        }
        move(writing.entries, touched);
    }

    private void insertPostings(List<Writing.Header> headers) {
        update(
                """
                insert into posting (id, kind, effective_at, created_at, reverses)
                select * from unnest(?, ?, ?, ?, ?)
                """,
                (connection, statement) -> {
                    statement.setArray(
                            1,
                            uuids(
                                    connection,
                                    headers.stream().map(it -> it.posting().id()).toList()));
                    statement.setArray(
                            2, texts(connection, headers.stream().map(it -> it.posting().kind())));
                    statement.setArray(
                            3,
                            times(
                                    connection,
                                    headers.stream()
                                            .map(it -> it.posting().effectiveAt())
                                            .toList()));
                    statement.setArray(
                            4,
                            times(connection, headers.stream().map(Writing.Header::at).toList()));
                    statement.setArray(
                            5,
                            connection.createArrayOf(
                                    "uuid",
                                    headers.stream().map(it -> it.posting().reverses()).toArray()));
                });
    }

    /**
     * Entries and the balances that they leave, in one statement: the database accepts neither
     * without the other.
     */
    private void move(List<Writing.Entry> entries, Collection<Standing> standings) {
        update(
                """
                with written as (
                    insert into entry (account, sequence, posting, minor, balance_after, at)
                    select * from unnest(?, ?, ?, ?, ?, ?)
                )
                """
                        + UPDATE_ACCOUNTS,
                (connection, statement) -> {
                    statement.setArray(
                            1,
                            uuids(
                                    connection,
                                    entries.stream().map(Writing.Entry::account).toList()));
                    statement.setArray(
                            2, numbers(connection, entries.stream().map(Writing.Entry::sequence)));
                    statement.setArray(
                            3,
                            uuids(
                                    connection,
                                    entries.stream().map(Writing.Entry::posting).toList()));
                    statement.setArray(
                            4, numbers(connection, entries.stream().map(Writing.Entry::minor)));
                    statement.setArray(
                            5,
                            numbers(connection, entries.stream().map(Writing.Entry::balanceAfter)));
                    statement.setArray(
                            6, times(connection, entries.stream().map(Writing.Entry::at).toList()));
                    bind(connection, statement, 7, standings);
                });
    }

    /** Where nothing moves, and only what is held changes. */
    void updateAccounts(Collection<Standing> standings) {
        update(
                UPDATE_ACCOUNTS,
                (connection, statement) -> bind(connection, statement, 1, standings));
    }

    private static final String UPDATE_ACCOUNTS =
            """
            update account a
               set balance = s.balance, held = s.held, sequence = s.sequence, moved_at = s.moved_at
              from unnest(?, ?, ?, ?, ?) as s (id, balance, held, sequence, moved_at)
             where a.id = s.id
            """;

    private static void bind(
            Connection connection,
            PreparedStatement statement,
            int first,
            Collection<Standing> standings)
            throws SQLException {
        statement.setArray(first, uuids(connection, standings.stream().map(Standing::id).toList()));
        statement.setArray(
                first + 1, numbers(connection, standings.stream().map(Standing::balance)));
        statement.setArray(first + 2, numbers(connection, standings.stream().map(Standing::held)));
        statement.setArray(
                first + 3, numbers(connection, standings.stream().map(Standing::sequence)));
        statement.setArray(
                first + 4, times(connection, standings.stream().map(Standing::movedAt).toList()));
    }

    private void updateCaptured(List<Writing.Capture> captures) {
        update(
                """
                update hold h
                   set state = 'CAPTURED', captured = c.minor, settled_at = c.at
                  from unnest(?, ?, ?, ?) as c (account, id, minor, at)
                 where h.account = c.account and h.id = c.id
                """,
                (connection, statement) -> {
                    statement.setArray(
                            1,
                            uuids(
                                    connection,
                                    captures.stream().map(it -> it.hold().account()).toList()));
                    statement.setArray(
                            2,
                            uuids(
                                    connection,
                                    captures.stream().map(it -> it.hold().id()).toList()));
                    statement.setArray(
                            3,
                            connection.createArrayOf(
                                    "int8",
                                    captures.stream().map(Writing.Capture::minor).toArray()));
                    statement.setArray(
                            4,
                            times(connection, captures.stream().map(Writing.Capture::at).toList()));
                });
    }

    void insertHold(Hold hold, Instant now) {
        update(
                """
                insert into hold (account, id, minor, state, created_at, expires_at)
                values (?, ?, ?, ?, ?, ?)
                """,
                (connection, statement) -> {
                    statement.setObject(1, hold.account());
                    statement.setObject(2, hold.id());
                    statement.setLong(3, hold.amount().minor());
                    statement.setString(4, hold.state().name());
                    statement.setTimestamp(5, Timestamp.from(now));
                    statement.setTimestamp(
                            6, hold.expiresAt() == null ? null : Timestamp.from(hold.expiresAt()));
                });
    }

    void settleHold(Hold hold, Hold.State state, Instant now) {
        update(
                "update hold set state = ?, settled_at = ? where account = ? and id = ?",
                (connection, statement) -> {
                    statement.setString(1, state.name());
                    statement.setTimestamp(2, Timestamp.from(now));
                    statement.setObject(3, hold.account());
                    statement.setObject(4, hold.id());
                });
    }

    /** Only after their accounts: whoever holds the account's lock is alone with its holds. */
    Map<UUID, Hold> lockHolds(Collection<UUID> accounts, Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return new HashMap<>();
        }
        return holds(
                """
                select h.account, h.id, h.minor, a.currency, h.captured, h.state, h.expires_at
                  from hold h
                  join account a on a.id = h.account
                 where h.account = any (?) and h.id = any (?)
                 order by h.account, h.id
                   for update of h
                """,
                (connection, statement) -> {
                    statement.setArray(1, uuids(connection, accounts));
                    statement.setArray(2, uuids(connection, ids));
                });
    }

    /** Without locks, which are taken in their order afterwards. */
    List<Hold> dueHolds(Instant now, int atMost) {
        return List.copyOf(
                holds(
                                """
                                select h.account, h.id, h.minor, a.currency, h.captured, h.state, h.expires_at
                                  from hold h
                                  join account a on a.id = h.account
                                 where h.state = 'PENDING' and h.expires_at <= ?
                                 order by h.expires_at
                                 limit ?
                                """,
                                (connection, statement) -> {
                                    statement.setTimestamp(1, Timestamp.from(now));
                                    statement.setInt(2, atMost);
                                })
                        .values());
    }

    private Map<UUID, Hold> holds(String sql, Binding binding) {
        return query(
                sql,
                binding,
                rows -> {
                    var holds = new HashMap<UUID, Hold>();
                    while (rows.next()) {
                        var expiresAt = rows.getTimestamp(7);
                        var hold =
                                new Hold(
                                        rows.getObject(1, UUID.class),
                                        rows.getObject(2, UUID.class),
                                        new Money(
                                                rows.getLong(3),
                                                Currency.valueOf(rows.getString(4))),
                                        rows.getLong(5),
                                        Hold.State.valueOf(rows.getString(6)),
                                        expiresAt == null ? null : expiresAt.toInstant());
                        holds.put(hold.id(), hold);
                    }
                    return holds;
                });
    }

    /**
     * Which of these postings were taken back; the accounts they share are locked, so it stays
     * true.
     */
    Set<UUID> reversed(Set<UUID> postings) {
        if (postings.isEmpty()) {
            return new HashSet<>();
        }
        return query(
                "select reverses from posting where reverses = any (?)",
                (connection, statement) -> statement.setArray(1, uuids(connection, postings)),
                rows -> {
                    var reversed = new HashSet<UUID>();
                    while (rows.next()) {
                        reversed.add(rows.getObject(1, UUID.class));
                    }
                    return reversed;
                });
    }

    List<Line> linesOf(UUID posting) {
        return query(
                """
                select a.kind, a.owner, a.currency, e.minor
                  from entry e
                  join account a on a.id = e.account
                 where e.posting = ?
                 order by a.id
                """,
                (connection, statement) -> statement.setObject(1, posting),
                rows -> {
                    var lines = new ArrayList<Line>();
                    while (rows.next()) {
                        lines.add(
                                new Line(
                                        new Account(
                                                Account.Kind.valueOf(rows.getString(1)),
                                                rows.getObject(2, UUID.class),
                                                Currency.valueOf(rows.getString(3))),
                                        rows.getLong(4)));
                    }
                    return lines;
                });
    }

    /** First in a transaction: all that is read in it is of the moment of the next statement. */
    void takeSnapshot() {
        update(
                "set transaction isolation level repeatable read read only",
                (connection, statement) -> {});
    }

    List<Balance> balances(UUID owner) {
        return query(
                """
                select balance, held, currency
                  from account
                 where owner = ? and kind = 'WALLET'
                 order by currency
                """,
                (connection, statement) -> statement.setObject(1, owner),
                rows -> {
                    var balances = new ArrayList<Balance>();
                    while (rows.next()) {
                        balances.add(balance(rows, Currency.valueOf(rows.getString(3))));
                    }
                    return balances;
                });
    }

    Balance balance(Account account) {
        return query(
                "select balance, held from account where id = ?",
                (connection, statement) -> statement.setObject(1, account.id()),
                rows ->
                        rows.next()
                                ? balance(rows, account.currency())
                                : Balance.of(
                                        Money.zero(account.currency()),
                                        Money.zero(account.currency())));
    }

    private static Balance balance(ResultSet rows, Currency currency) throws SQLException {
        return Balance.of(
                new Money(rows.getLong(1), currency), new Money(rows.getLong(2), currency));
    }

    long balanceAt(UUID account, Instant moment) {
        return query(
                """
                select balance_after
                  from entry
                 where account = ? and at <= ?
                 order by at desc, sequence desc
                 limit 1
                """,
                (connection, statement) -> {
                    statement.setObject(1, account);
                    statement.setTimestamp(2, Timestamp.from(moment));
                },
                rows -> rows.next() ? rows.getLong(1) : 0L);
    }

    List<EntryView> entries(Collection<Account> accounts, EntryQuery query) {
        var currencies = new HashMap<UUID, Currency>();
        accounts.forEach(it -> currencies.put(it.id(), it.currency()));
        return query(
                """
                select e.account, e.sequence, e.posting, p.kind, e.minor, e.balance_after, e.at
                  from entry e
                  join posting p on p.id = e.posting
                 where e.account = any (?)
                   and (cast(? as timestamptz) is null or e.at >= ?)
                   and (cast(? as timestamptz) is null or e.at < ?)
                   and (cast(? as timestamptz) is null or (e.at, e.account, e.sequence) < (?, ?, ?))
                 order by e.at desc, e.account desc, e.sequence desc
                 limit ?
                """,
                (connection, statement) -> {
                    var after = query.after();
                    statement.setArray(1, uuids(connection, currencies.keySet()));
                    statement.setTimestamp(2, timestamp(query.from()));
                    statement.setTimestamp(3, timestamp(query.from()));
                    statement.setTimestamp(4, timestamp(query.to()));
                    statement.setTimestamp(5, timestamp(query.to()));
                    statement.setTimestamp(6, after == null ? null : timestamp(after.at()));
                    statement.setTimestamp(7, after == null ? null : timestamp(after.at()));
                    statement.setObject(8, after == null ? null : after.account(), Types.OTHER);
                    statement.setLong(9, after == null ? 0 : after.sequence());
                    statement.setInt(10, query.limit());
                },
                rows -> {
                    var entries = new ArrayList<EntryView>();
                    while (rows.next()) {
                        var account = rows.getObject(1, UUID.class);
                        var currency = Objects.requireNonNull(currencies.get(account));
                        entries.add(
                                new EntryView(
                                        account,
                                        rows.getLong(2),
                                        rows.getObject(3, UUID.class),
                                        rows.getString(4),
                                        new Money(rows.getLong(5), currency),
                                        new Money(rows.getLong(6), currency),
                                        rows.getTimestamp(7).toInstant()));
                    }
                    return entries;
                });
    }

    BooksView books() {
        var findings =
                query(
                        "select finding, subject, detail from books_discrepancy limit 100",
                        (connection, statement) -> {},
                        rows -> {
                            var found = new ArrayList<BooksView.Finding>();
                            while (rows.next()) {
                                found.add(
                                        new BooksView.Finding(
                                                rows.getString(1),
                                                rows.getString(2),
                                                rows.getString(3)));
                            }
                            return found;
                        });
        return query(
                """
                select (select count(*) from account),
                       (select count(*) from posting),
                       (select count(*) from entry)
                """,
                (connection, statement) -> {},
                rows -> {
                    rows.next();
                    return new BooksView(
                            findings.isEmpty(),
                            rows.getLong(1),
                            rows.getLong(2),
                            rows.getLong(3),
                            findings);
                });
    }

    private interface Binding {
        void bind(Connection connection, PreparedStatement statement) throws SQLException;
    }

    private interface Reading<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private <T> T query(String sql, Binding binding, Reading<T> reading) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            binding.bind(connection, statement);
            try (var rows = statement.executeQuery()) {
                return reading.read(rows);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger could not be read", e);
        }
    }

    private int update(String sql, Binding binding) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            binding.bind(connection, statement);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger could not be written", e);
        }
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static Array uuids(Connection connection, Collection<UUID> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.toArray());
    }

    private static Array texts(Connection connection, Stream<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    private static Array numbers(Connection connection, Stream<Long> numbers) throws SQLException {
        return connection.createArrayOf("int8", numbers.toArray());
    }

    private static Array times(Connection connection, List<Instant> times) throws SQLException {
        return connection.createArrayOf(
                "timestamptz", times.stream().map(Timestamp::from).toArray());
    }
}
