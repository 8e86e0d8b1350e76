package kvit.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.ledger.Posting.Line;
import kvit.money.Currency;

/** The tables account, posting and entry as they are locked and written. */
@ApplicationScoped
class LedgerStore {

    private static final String UPDATE_ACCOUNTS =
            """
            update account a
               set balance = s.balance, held = s.held, sequence = s.sequence, moved_at = s.moved_at
              from unnest(?, ?, ?, ?, ?) as s (id, balance, held, sequence, moved_at)
             where a.id = s.id
            """;

    private final Database database;

    LedgerStore(Database database) {
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

        private final List<Header> headers = new ArrayList<>();
        private final List<Entry> entries = new ArrayList<>();

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
        var standings = new HashMap<UUID, Standing>();
        database.query(
                        """
                        select id, floor, balance, held, sequence, moved_at
                          from account
                         where id = any (?)
                         order by id
                           for update
                        """,
                        in -> in.uuids(ids),
                        row ->
                                new Standing(
                                        row.getObject(1, UUID.class),
                                        row.getObject(2, Long.class),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getLong(5),
                                        row.getTimestamp(6).toInstant()))
                .forEach(it -> standings.put(it.id(), it));
        return standings;
    }

    /**
     * Opens accounts with their first posting, so that a refusal leaves none behind; in id order,
     * as the locks are. Whoever loses against another first posting has decided on a balance that
     * is no more, and decides again.
     */
    void open(Collection<Standing> standings, Instant now) {
        var accounts =
                touched(standings).stream()
                        .map(Standing::unopened)
                        .flatMap(Optional::stream)
                        .toList();
        if (accounts.isEmpty()) {
            return;
        }
        var opened =
                database.update(
                        """
                        insert into account (id, kind, owner, currency, floor, opened_at, moved_at)
                        select id, kind, owner, currency, floor,
                               cast(? as timestamptz), cast(? as timestamptz)
                          from unnest(?, ?, ?, ?, ?) as a (id, kind, owner, currency, floor)
                         order by id
                        on conflict do nothing
                        """,
                        in ->
                                in.time(now)
                                        .time(now)
                                        .uuids(accounts, Account::id)
                                        .texts(accounts, it -> it.kind().name())
                                        .uuids(accounts, Account::owner)
                                        .texts(accounts, it -> it.currency().name())
                                        .numbers(accounts, it -> it.kind().floor()));
        if (opened < accounts.size()) {
            throw new MoneyTransactions.Superseded(
                    "somebody else has just opened the same account");
        }
    }

    /**
     * What a list adds: the postings, their entries, and what has moved or is held. All of it goes
     * with the next statement, or at the end of the transaction.
     */
    void write(Writing writing, Collection<Standing> standings) {
        if (writing.headers.isEmpty()) {
            updateAccounts(standings);
            return;
        }
        insertPostings(writing.headers);
        move(writing.entries, touched(standings));
    }

    private void insertPostings(List<Writing.Header> headers) {
        database.updateLater(
                """
                insert into posting (id, kind, effective_at, created_at, reverses)
                select * from unnest(?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuids(headers, it -> it.posting().id())
                                .texts(headers, it -> it.posting().kind())
                                .times(headers, it -> it.posting().effectiveAt())
                                .times(headers, Writing.Header::at)
                                .uuids(headers, it -> it.posting().reverses()));
    }

    /**
     * Entries and the balances that they leave, in one statement: the database accepts neither
     * without the other.
     */
    private void move(List<Writing.Entry> entries, Collection<Standing> standings) {
        database.updateLater(
                """
                with written as (
                    insert into entry (account, sequence, posting, minor, balance_after, at)
                    select * from unnest(?, ?, ?, ?, ?, ?)
                )
                """
                        + UPDATE_ACCOUNTS,
                in -> {
                    in.uuids(entries, Writing.Entry::account)
                            .numbers(entries, Writing.Entry::sequence)
                            .uuids(entries, Writing.Entry::posting)
                            .numbers(entries, Writing.Entry::minor)
                            .numbers(entries, Writing.Entry::balanceAfter)
                            .times(entries, Writing.Entry::at);
                    bind(in, standings);
                });
    }

    /** Where nothing moves, and only what is held changes. */
    void updateAccounts(Collection<Standing> standings) {
        var touched = touched(standings);
        if (!touched.isEmpty()) {
            database.updateLater(UPDATE_ACCOUNTS, in -> bind(in, touched));
        }
    }

    private static List<Standing> touched(Collection<Standing> standings) {
        return standings.stream().filter(Standing::isTouched).toList();
    }

    private static void bind(Parameters in, Collection<Standing> standings) {
        in.uuids(standings, Standing::id)
                .numbers(standings, Standing::balance)
                .numbers(standings, Standing::held)
                .numbers(standings, Standing::sequence)
                .times(standings, Standing::movedAt);
    }

    /**
     * Which of these postings were taken back; the accounts they share are locked, so it stays
     * true.
     */
    Set<UUID> reversed(Set<UUID> postings) {
        return postings.isEmpty()
                ? new HashSet<>()
                : new HashSet<>(
                        database.query(
                                "select reverses from posting where reverses = any (?)",
                                in -> in.uuids(postings),
                                row -> row.getObject(1, UUID.class)));
    }

    List<Line> linesOf(UUID posting) {
        return database.query(
                """
                select a.kind, a.owner, a.currency, e.minor
                  from entry e
                  join account a on a.id = e.account
                 where e.posting = ?
                 order by a.id
                """,
                in -> in.uuid(posting),
                row ->
                        new Line(
                                new Account(
                                        Account.Kind.valueOf(row.getString(1)),
                                        row.getObject(2, UUID.class),
                                        Currency.valueOf(row.getString(3))),
                                row.getLong(4)));
    }
}
