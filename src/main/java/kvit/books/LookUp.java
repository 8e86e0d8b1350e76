package kvit.books;

import static kvit.books.BooksProblem.ACCOUNT_NOT_FOUND;
import static kvit.ledger.LedgerProblem.POSTING_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.PostingView;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Accounts, statements and postings, one or a page at a time. */
@ApplicationScoped
class LookUp {

    private static final String ACCOUNT =
            """
            select id, kind, owner, currency, balance, held, sequence, opened_at, moved_at
              from book_account
            """;

    private final Database database;
    private final Ledger ledger;
    private final kvit.ledger.LookUp postings;
    private final Cursors cursors;

    LookUp(Database database, Ledger ledger, kvit.ledger.LookUp postings, Cursors cursors) {
        this.database = database;
        this.ledger = ledger;
        this.postings = postings;
        this.cursors = cursors;
    }

    /** By id. Each filter may be left out. */
    List<AccountView> accounts(
            Account.@Nullable Kind kind,
            @Nullable UUID owner,
            @Nullable Currency currency,
            @Nullable UUID after,
            int limit) {
        return database.query(
                ACCOUNT
                        // Those of nobody are few among those of customers, and found by that.
                        + (kind != null && kind != Account.Kind.WALLET
                                ? " where owner is null"
                                : " where true")
                        + (owner == null ? "" : " and owner = ?")
                        + """
                           and (cast(? as text) is null or kind = ?)
                           and (cast(? as text) is null or currency = ?)
                           and (cast(? as uuid) is null or id > ?)
                         order by id
                         limit ?
                        """,
                in -> {
                    if (owner != null) {
                        in.uuid(owner);
                    }
                    var kindName = kind == null ? null : kind.name();
                    var currencyName = currency == null ? null : currency.name();
                    in.text(kindName)
                            .text(kindName)
                            .text(currencyName)
                            .text(currencyName)
                            .uuid(after)
                            .uuid(after)
                            .number(limit);
                },
                LookUp::account);
    }

    /** Whether it was ever posted to. */
    boolean isOpen(Account account) {
        return find(account.id()).isPresent();
    }

    private Optional<AccountView> find(UUID id) {
        return database.find(ACCOUNT + " where id = ?", in -> in.uuid(id), LookUp::account);
    }

    private static AccountView account(ResultSet row) throws SQLException {
        var currency = Currency.valueOf(row.getString(4));
        return new AccountView(
                row.getObject(1, UUID.class),
                Account.Kind.valueOf(row.getString(2)),
                row.getObject(3, UUID.class),
                new Money(row.getLong(5), currency),
                new Money(row.getLong(6), currency),
                row.getLong(7),
                row.getTimestamp(8).toInstant(),
                row.getTimestamp(9).toInstant());
    }

    /**
     * Of one moment: what moves meanwhile is on the next page or on none.
     *
     * @param from not before; null is from the beginning
     * @param to before; null is until now
     * @throws Problem ACCOUNT_NOT_FOUND or VALIDATION_FAILED
     */
    AccountStatement statement(
            UUID id,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String cursor,
            int limit) {
        var list = String.join("|", "statement", id.toString(), "" + from, "" + to);
        var after = cursors.decode(list, cursor).map(Long::valueOf).orElse(0L);
        return ledger.asOfOneMoment(
                () -> {
                    var account =
                            find(id).orElseThrow(
                                            () -> ACCOUNT_NOT_FOUND.because("No account " + id));
                    var currency = account.balance().currency();
                    var page =
                            Page.of(
                                    lines(id, currency, from, to, after, limit + 1),
                                    limit,
                                    last -> cursors.encode(list, "" + last.sequence()));
                    return new AccountStatement(
                            account,
                            from == null ? Money.zero(currency) : before(id, currency, from),
                            to == null ? account.balance() : before(id, currency, to),
                            page.items(),
                            page.nextCursor());
                });
    }

    private Money before(UUID account, Currency currency, Instant moment) {
        return database.find(
                        """
                        select balance_after
                          from book_entry
                         where account = ? and at < ?
                         order by at desc, sequence desc
                         limit 1
                        """,
                        in -> in.uuid(account).time(moment),
                        row -> new Money(row.getLong(1), currency))
                .orElse(Money.zero(currency));
    }

    private List<AccountStatement.Line> lines(
            UUID account,
            Currency currency,
            @Nullable Instant from,
            @Nullable Instant to,
            long after,
            int limit) {
        return database.query(
                """
                select e.sequence, e.posting, p.kind, e.minor, e.balance_after, e.at, p.effective_at
                  from book_entry e
                  join book_posting p on p.id = e.posting
                 where e.account = ?
                   and e.sequence > ?
                   and (cast(? as timestamptz) is null or e.at >= ?)
                   and (cast(? as timestamptz) is null or e.at < ?)
                 order by e.sequence
                 limit ?
                """,
                in ->
                        in.uuid(account)
                                .number(after)
                                .time(from)
                                .time(from)
                                .time(to)
                                .time(to)
                                .number(limit),
                row ->
                        new AccountStatement.Line(
                                row.getLong(1),
                                row.getObject(2, UUID.class),
                                row.getString(3),
                                new Money(row.getLong(4), currency),
                                new Money(row.getLong(5), currency),
                                row.getTimestamp(6).toInstant(),
                                row.getTimestamp(7).toInstant()));
    }

    /**
     * One posting.
     *
     * @throws Problem POSTING_NOT_FOUND
     */
    BookedPosting posting(UUID id) {
        var found = postings.postings(List.of(id));
        return found.stream()
                .filter(it -> it.id().equals(id))
                .findFirst()
                .map(it -> BookedPosting.of(it, takesBack(found, id), seal(id)))
                .orElseThrow(() -> POSTING_NOT_FOUND.because("No posting " + id + "."));
    }

    private static @Nullable UUID takesBack(List<PostingView> postings, UUID id) {
        return postings.stream()
                .filter(it -> id.equals(it.reverses()))
                .map(PostingView::id)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Long seal(UUID posting) {
        return database.find(
                        """
                        select number
                          from (select (select s.number
                                          from seal s
                                         where (s.last_transaction, s.last_posting)
                                               >= (p.transaction, p.id)
                                         order by s.last_transaction, s.last_posting
                                         limit 1) as number
                                  from book_posting p
                                 where p.id = ?) x
                         where number is not null
                        """,
                        in -> in.uuid(posting),
                        row -> row.getLong(1))
                .orElse(null);
    }
}
