package kvit.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** The books as they are read: without locks, and never before a decision. */
@ApplicationScoped
class LedgerReader {

    private final Database database;

    LedgerReader(Database database) {
        this.database = database;
    }

    /** First in a transaction: all that is read in it is of the moment of the next statement. */
    void takeSnapshot() {
        database.update("set transaction isolation level repeatable read read only", in -> {});
    }

    List<Balance> balances(UUID owner) {
        return database.query(
                """
                select balance, held, currency
                  from account
                 where owner = ? and kind = 'WALLET'
                 order by currency
                """,
                in -> in.uuid(owner),
                row -> balance(row, Currency.valueOf(row.getString(3))));
    }

    Balance balance(Account account) {
        var zero = Money.zero(account.currency());
        return database.find(
                        "select balance, held from account where id = ?",
                        in -> in.uuid(account.id()),
                        row -> balance(row, account.currency()))
                .orElse(Balance.of(zero, zero));
    }

    private static Balance balance(ResultSet row, Currency currency) throws SQLException {
        return Balance.of(new Money(row.getLong(1), currency), new Money(row.getLong(2), currency));
    }

    long balanceAt(UUID account, Instant moment) {
        return database.find(
                        """
                        select balance_after
                          from entry
                         where account = ? and at <= ?
                         order by at desc, sequence desc
                         limit 1
                        """,
                        in -> in.uuid(account).time(moment),
                        row -> row.getLong(1))
                .orElse(0L);
    }

    /** What all accounts of each kind come to: now, or what their last entries until then left. */
    Map<Account.Kind, Long> totals(Currency currency, @Nullable Instant moment) {
        var totals = new EnumMap<Account.Kind, Long>(Account.Kind.class);
        database.query(
                        moment == null
                                ? """
                                select kind, sum(balance) from account where currency = ? group by kind
                                """
                                : """
                                select a.kind, sum(e.balance_after)
                                  from account a
                                 cross join lateral (select balance_after
                                                       from entry
                                                      where account = a.id and at <= ?
                                                      order by at desc, sequence desc
                                                      limit 1) e
                                 where a.currency = ?
                                 group by a.kind
                                """,
                        in -> (moment == null ? in : in.time(moment)).text(currency.name()),
                        row -> Map.entry(Account.Kind.valueOf(row.getString(1)), row.getLong(2)))
                .forEach(it -> totals.put(it.getKey(), it.getValue()));
        return totals;
    }

    List<EntryView> entries(Collection<Account> accounts, EntryQuery query) {
        var currencies = new HashMap<UUID, Currency>();
        accounts.forEach(it -> currencies.put(it.id(), it.currency()));
        var after = query.after();
        return database.query(
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
                in ->
                        in.uuids(currencies.keySet())
                                .time(query.from())
                                .time(query.from())
                                .time(query.to())
                                .time(query.to())
                                .time(after == null ? null : after.at())
                                .time(after == null ? null : after.at())
                                .uuid(after == null ? null : after.account())
                                .number(after == null ? null : after.sequence())
                                .number(query.limit()),
                row -> {
                    var account = row.getObject(1, UUID.class);
                    var currency = Objects.requireNonNull(currencies.get(account));
                    return new EntryView(
                            account,
                            row.getLong(2),
                            row.getObject(3, UUID.class),
                            row.getString(4),
                            new Money(row.getLong(5), currency),
                            new Money(row.getLong(6), currency),
                            row.getTimestamp(7).toInstant());
                });
    }

    BooksView books() {
        var findings =
                database.query(
                        "select finding, subject, detail from books_discrepancy limit 100",
                        in -> {},
                        row ->
                                new BooksView.Finding(
                                        row.getString(1), row.getString(2), row.getString(3)));
        return database.query(
                        """
                        select (select count(*) from account),
                               (select count(*) from posting),
                               (select count(*) from entry)
                        """,
                        in -> {},
                        row ->
                                new BooksView(
                                        findings.isEmpty(),
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        findings))
                .get(0);
    }
}
