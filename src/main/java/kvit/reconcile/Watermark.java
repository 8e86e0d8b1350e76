package kvit.reconcile;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;

/**
 * Up to which entry of card clearing nobody has to look: all of them have come, but for the few
 * that are written down in recon_laggard. Owns that table, and the column watermark.
 */
@ApplicationScoped
class Watermark {

    /**
     * So many more may be written down at once: of a day of which nothing has come yet the
     * watermark stays behind instead.
     */
    private static final int LAGGARDS_MAX = 10_000;

    private record Clearing(UUID account, long watermark, long sequence) {}

    private record Entry(long sequence, boolean isSettled) {}

    private final Database database;

    Watermark(Database database) {
        this.database = database;
    }

    /** As far as it goes by now. For whoever has the currency under lock. */
    @Transactional(MANDATORY)
    void advance(Currency currency) {
        database.find(
                        """
                        select a.id, c.watermark, a.sequence
                          from recon_clearing c
                          join account a on a.currency = c.currency
                         where c.currency = ? and a.owner is null and a.kind = 'CARD_CLEARING'
                        """,
                        in -> in.text(currency.name()),
                        row ->
                                new Clearing(
                                        row.getObject(1, UUID.class),
                                        row.getLong(2),
                                        row.getLong(3)))
                .ifPresent(it -> advance(currency, it));
    }

    private void advance(Currency currency, Clearing clearing) {
        forget(currency, clearing);
        var walk = new Walk(clearing.watermark());
        for (var from = clearing.watermark();
                from < clearing.sequence() && !walk.isOver;
                from += OpenEntries.WINDOW) {
            var to = Math.min(from + OpenEntries.WINDOW, clearing.sequence());
            entries(currency, clearing, from, to).forEach(walk::pass);
            walk.end(to);
        }
        if (walk.mark == clearing.watermark()) {
            return;
        }
        database.update(
                "insert into recon_laggard (account, sequence) select ?, s from unnest(?) s",
                in -> in.uuid(clearing.account()).numbers(walk.laggards, it -> it));
        database.update(
                "update recon_clearing set watermark = ? where currency = ?",
                in -> in.number(walk.mark).text(currency.name()));
    }

    /** What was late and has come. */
    private void forget(Currency currency, Clearing clearing) {
        database.update(
                """
                delete from recon_laggard l
                 using entry e, recon_item i
                 where l.account = ? and e.account = l.account and e.sequence = l.sequence
                   and i.currency = ? and i.item = e.posting
                """,
                in -> in.uuid(clearing.account()).text(currency.name()));
    }

    /** Those that are, or were, expected, as {@code recon_expected} has them. */
    private List<Entry> entries(Currency currency, Clearing clearing, long after, long upTo) {
        return database.query(
                """
                select e.sequence, i.is_settled is not null
                  from (select posting, sequence
                          from entry
                         where account = ? and sequence > ? and sequence <= ?
                        offset 0) e
                 cross join lateral (select kind from posting where id = e.posting limit 1) p
                  left join lateral (select true as is_settled
                                       from recon_item
                                      where currency = ? and item = e.posting
                                      limit 1) i on true
                 where p.kind not like 'settlement-%'
                 order by e.sequence
                """,
                in -> in.uuid(clearing.account()).number(after).number(upTo).text(currency.name()),
                row -> new Entry(row.getLong(1), row.getBoolean(2)));
    }

    /** From one entry to the next: behind the last one that has come nobody is late yet. */
    private static class Walk {

        private final List<Long> laggards = new ArrayList<>();
        private final List<Long> open = new ArrayList<>();
        private long mark;
        private boolean isOver;

        Walk(long mark) {
            this.mark = mark;
        }

        void pass(Entry entry) {
            if (isOver) {
                return;
            }
            if (entry.isSettled()) {
                laggards.addAll(open);
                open.clear();
                mark = entry.sequence();
            } else if (laggards.size() + open.size() == LAGGARDS_MAX) {
                isOver = true;
            } else {
                open.add(entry.sequence());
            }
        }

        void end(long upTo) {
            if (!isOver && open.isEmpty()) {
                mark = upTo;
            }
        }
    }
}
