package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import org.jspecify.annotations.Nullable;

/**
 * The view recon_expected: entries of card clearing that nothing has settled. Read in windows,
 * because however many wait for their files a statement has its time; entries never change, and
 * what has settled them only whoever has the currency under lock.
 */
@ApplicationScoped
class OpenEntries {

    /** As many entries as one statement may look at in the time that it has. */
    static final int WINDOW = 50_000;

    /**
     * @param item the posting
     * @param reverses the one that it takes back
     * @param minor positive where the processor owes us more by it
     */
    record Open(UUID item, String kind, @Nullable UUID reverses, long minor, Instant at) {}

    /**
     * What the processor owes us by the books, and by what is open.
     *
     * @param clearing minor units
     */
    record Sums(long clearing, long expected) {}

    private record Clearing(long watermark, long sequence, long balance) {}

    private interface Window {
        void read(long after, long upTo);
    }

    private static final String OPEN =
            "select item, kind, reverses, minor, at from recon_expected where currency = ?";

    private final Database database;

    OpenEntries(Database database) {
        this.database = database;
    }

    /** All of a currency, the oldest first. */
    List<Open> all(Currency currency) {
        var all = new ArrayList<Open>();
        inWindows(
                clearing(currency),
                (after, upTo) ->
                        all.addAll(
                                database.query(
                                        OPEN
                                                + " and sequence > ? and sequence <= ?"
                                                + " order by sequence",
                                        in -> in.text(currency.name()).number(after).number(upTo),
                                        OpenEntries::open)));
        return all;
    }

    /** Those of these that are open. */
    List<Open> find(Currency currency, Collection<UUID> items) {
        return database.query(
                OPEN + " and item = any (?)",
                in -> in.text(currency.name()).uuids(items),
                OpenEntries::open);
    }

    /** Both up to one entry, so that what is posted meanwhile is in neither. */
    Sums sums(Currency currency) {
        var clearing = clearing(currency);
        var sums = new ArrayList<Long>();
        inWindows(
                clearing,
                (after, upTo) ->
                        sums.addAll(
                                database.query(
                                        """
                                        select coalesce(sum(minor), 0) from recon_expected
                                         where currency = ? and sequence > ? and sequence <= ?
                                        """,
                                        in -> in.text(currency.name()).number(after).number(upTo),
                                        row -> row.getLong(1))));
        return new Sums(
                -clearing.balance(), sums.stream().mapToLong(it -> it).reduce(0, Math::addExact));
    }

    private Clearing clearing(Currency currency) {
        return database.find(
                        """
                        select coalesce(c.watermark, 0), a.sequence, a.balance
                          from account a
                          left join recon_clearing c on c.currency = a.currency
                         where a.owner is null and a.kind = 'CARD_CLEARING' and a.currency = ?
                        """,
                        in -> in.text(currency.name()),
                        row -> new Clearing(row.getLong(1), row.getLong(2), row.getLong(3)))
                .orElse(new Clearing(0, 0, 0));
    }

    private static void inWindows(Clearing clearing, Window each) {
        // Those below the watermark are few.
        each.read(0, clearing.watermark());
        for (var after = clearing.watermark(); after < clearing.sequence(); after += WINDOW) {
            each.read(after, Math.min(after + WINDOW, clearing.sequence()));
        }
    }

    private static Open open(ResultSet row) throws SQLException {
        return new Open(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getObject(3, UUID.class),
                row.getLong(4),
                row.getTimestamp(5).toInstant());
    }
}
