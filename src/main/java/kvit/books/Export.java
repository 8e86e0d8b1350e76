package kvit.books;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;

/** What can be taken out as a whole. The labels of the columns are the names that go out. */
enum Export {
    /** Every line, with its posting and its account, in the order of commits. */
    ENTRIES(
            """
            select p.id as "posting", p.kind as "kind", p.effective_at as "effectiveAt",
                   p.created_at as "createdAt", p.reverses as "reverses", e.account as "account",
                   a.kind as "accountKind", a.owner as "owner", a.currency as "currency",
                   e.sequence as "sequence", e.minor as "minor", e.balance_after as "balanceAfter",
                   e.at as "at"
              from book_posting p
              join book_entry e on e.posting = p.id
              join book_account a on a.id = e.account
             where p.effective_at >= cast(? as timestamptz)
               and p.effective_at < cast(? as timestamptz)
             order by p.transaction, p.id, e.account
            """),
    POSTINGS(
            """
            select id as "posting", kind as "kind", effective_at as "effectiveAt",
                   created_at as "createdAt", reverses as "reverses"
              from book_posting
             where effective_at >= cast(? as timestamptz) and effective_at < cast(? as timestamptz)
             order by transaction, id
            """),
    /** As they stand; of the time that is asked for those that were opened in it. */
    ACCOUNTS(
            """
            select id as "account", kind as "accountKind", owner as "owner",
                   currency as "currency", balance as "minor", held as "heldMinor",
                   sequence as "entries", opened_at as "openedAt", moved_at as "movedAt"
              from book_account
             where opened_at >= cast(? as timestamptz) and opened_at < cast(? as timestamptz)
             order by id
            """);

    private static final Pattern LABEL = Pattern.compile("as \"([A-Za-z]+)\"");

    private final String sql;

    Export(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }

    /** In their order; there also where there is no row. */
    List<String> columns() {
        return LABEL.matcher(sql).results().map(it -> it.group(1)).toList();
    }

    /**
     * @throws Problem NOT_FOUND
     */
    static Export of(String name) {
        for (var export : values()) {
            if (export.name().toLowerCase(Locale.ROOT).equals(name)) {
                return export;
            }
        }
        throw GeneralProblem.NOT_FOUND.because("There are entries, postings and accounts.");
    }
}
