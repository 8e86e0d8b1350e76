package kvit.books;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import kvit.books.DayTotals.Sums;
import kvit.database.Statements;
import org.jspecify.annotations.Nullable;

/**
 * What all accounts of a kind have, in debits and credits of each currency.
 *
 * @param asOf what is effective before this; null is everything
 * @param knownAt what was written before this; null is everything
 * @param items one per kind and currency, customers' wallets together
 * @param totals one per currency: debits and credits are the same, or the books are wrong
 */
record TrialBalance(
        @Nullable Instant asOf,
        @Nullable Instant knownAt,
        boolean balanced,
        List<Item> items,
        List<Total> totals) {

    /**
     * In minor units.
     *
     * @param debit all that was debited
     * @param credit all that was credited
     * @param balance credits less debits: what is owed to others is positive
     */
    record Item(
            String kind, String currency, long debit, long credit, long balance, long entries) {}

    record Total(String currency, long debit, long credit, long balance) {}

    /**
     * From the totals of whole days, and entries only of what is not sealed yet and of a day that
     * is cut in two: the number of days decides how long it takes, not that of entries. One
     * statement, because what is sealed meanwhile would count twice or not at all.
     */
    private static final String SQL =
            """
            with head as materialized (
                select coalesce((select last_transaction from seal order by number desc limit 1),
                                cast('0' as xid8)) as t,
                       coalesce((select last_posting from seal order by number desc limit 1),
                                cast('00000000-0000-0000-0000-000000000000' as uuid)) as p
            ), bounds as materialized (
                select e, k, date_trunc('day', e, 'UTC') as e_day, date_trunc('day', k, 'UTC') as k_day
                  from (select cast(? as timestamptz) as e, cast(? as timestamptz) as k) x
            ), apart as (
                select p.id
                  from book_posting p
                 where (p.transaction, p.id) > ((select t from head), (select p from head))
                   and p.effective_at < (select e from bounds)
                   and p.created_at < (select k from bounds)
                union all
                select p.id
                  from book_posting p
                 where (p.transaction, p.id) <= ((select t from head), (select p from head))
                   and p.effective_at >= (select e_day from bounds)
                   and p.effective_at < (select e from bounds)
                   and p.created_at < (select k from bounds)
                union all
                select p.id
                  from book_posting p
                 where (p.transaction, p.id) <= ((select t from head), (select p from head))
                   and p.effective_at < (select e_day from bounds)
                   and p.created_at >= (select k_day from bounds)
                   and p.created_at < (select k from bounds)
            )
            select kind, currency, sum(debit)::bigint, sum(credit)::bigint, sum(entries)::bigint
              from (select kind, currency, debit, credit, entries
                      from book_day, bounds
                     where booked_on < cast(e_day at time zone 'UTC' as date)
                       and recorded_on < cast(k_day at time zone 'UTC' as date)
                    union all
                    select a.kind, a.currency, greatest(-e.minor, 0), greatest(e.minor, 0), 1
                      from apart s
                      join book_entry e on e.posting = s.id
                      join book_account a on a.id = e.account) x
             group by kind, currency
             order by currency, kind
            """;

    /**
     * As of a moment.
     *
     * @param asOf null is everything
     * @param knownAt null is everything
     */
    static TrialBalance of(
            Statements statements, @Nullable Instant asOf, @Nullable Instant knownAt) {
        var items =
                statements.query(
                        SQL,
                        in -> in.text(text(asOf)).text(text(knownAt)),
                        row ->
                                new Item(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        Math.subtractExact(row.getLong(4), row.getLong(3)),
                                        row.getLong(5)));
        var sums = new TreeMap<String, Sums>();
        items.forEach(
                it ->
                        sums.merge(
                                it.currency(),
                                new Sums(it.debit(), it.credit(), it.entries()),
                                Sums::plus));
        var totals = new ArrayList<Total>();
        sums.forEach(
                (currency, sum) ->
                        totals.add(
                                new Total(
                                        currency,
                                        sum.debit(),
                                        sum.credit(),
                                        sum.credit() - sum.debit())));
        return new TrialBalance(
                asOf,
                knownAt,
                totals.stream().allMatch(it -> it.balance() == 0),
                items,
                List.copyOf(totals));
    }

    private static String text(@Nullable Instant time) {
        return time == null ? "infinity" : time.toString();
    }

    /** As a closing keeps it. */
    String words() {
        var lines = new TreeMap<String, Sums>();
        items.forEach(
                it ->
                        lines.put(
                                Totals.name(it.kind(), it.currency()),
                                new Sums(it.debit(), it.credit(), it.entries())));
        return Totals.text(lines);
    }
}
