package kvit.books;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import kvit.database.Statements;

/**
 * Makes the next link of the chain.
 *
 * <p>The order is that of the transactions' numbers, and only what is below the oldest running one
 * is sealed: all of that has ended, so nothing turns up behind it later, however long somebody's
 * COMMIT takes.
 */
final class Sealing {

    /** So that a link is made within milliseconds, and found wrong with few others. */
    static final int PORTION = 1_000;

    /** The database is not the one that the chain began in. */
    static final class CountedAnew extends RuntimeException {
        private static final long serialVersionUID = 1;

        CountedAnew(long oldestRunning, Seal last) {
            super(
                    ("the database counts transactions from %d, and %d of before are sealed: it was"
                                    + " restored without its counter; see docs/operating.md,"
                                    + " \"Restoring\"")
                            .formatted(oldestRunning, last.last().transaction()));
        }
    }

    private final Statements statements;
    private final SealStore store;
    private final int portion;

    Sealing(Statements statements) {
        this(statements, PORTION);
    }

    Sealing(Statements statements, int portion) {
        this.statements = statements;
        this.store = new SealStore(statements);
        this.portion = portion;
    }

    /** The link that was made; empty where there is nothing to seal. */
    Optional<Seal> next(Instant now) {
        var last = store.last();
        var gathered = new Gathered();
        var reader = new BookReader(statements);
        // In this order: all of those that had ended then is visible to the statement after it.
        var oldestRunning = reader.oldestRunning();
        last.ifPresent(it -> requireSameCounter(it, oldestRunning));
        var after = last.map(Seal::last).orElse(Place.BEGINNING);
        reader.some(after, oldestRunning, portion, gathered::add);
        if (gathered.count == 0) {
            return Optional.empty();
        }
        var seal = gathered.seal(last, after, now);
        if (!store.insert(seal)) {
            // Another replica was quicker, and may not have seen all that was seen here.
            return next(now);
        }
        gathered.totals.store(statements);
        return Optional.of(seal);
    }

    /** Throws where the counter is behind what it was. */
    void requireSameCounter() {
        store.last()
                .ifPresent(
                        it -> requireSameCounter(it, new BookReader(statements).oldestRunning()));
    }

    private static void requireSameCounter(Seal last, long oldestRunning) {
        if (Long.compareUnsigned(oldestRunning, last.last().transaction()) <= 0) {
            throw new CountedAnew(oldestRunning, last);
        }
    }

    private static class Gathered {

        final DayTotals totals = new DayTotals();
        int count;
        private int entries;
        private Place end = Place.BEGINNING;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final MessageDigest sha256 = Seal.sha256();

        void add(BookPosting posting) {
            count++;
            entries += posting.lines().size();
            end = posting.place();
            content.writeBytes(mark(posting, posting.digest(sha256)));
            totals.add(posting);
        }

        private static byte[] mark(BookPosting posting, byte[] digest) {
            return ByteBuffer.allocate(Seal.MARK_BYTES)
                    .putLong(posting.id().getMostSignificantBits())
                    .putLong(posting.id().getLeastSignificantBits())
                    .put(digest)
                    .array();
        }

        Seal seal(Optional<Seal> last, Place after, Instant now) {
            var number = last.map(Seal::number).orElse(0L) + 1;
            var previous = last.map(Seal::digest).orElseGet(Seal::nothing);
            var bytes = content.toByteArray();
            return new Seal(
                    number,
                    after,
                    end,
                    count,
                    entries,
                    bytes,
                    previous,
                    Seal.digest(number, previous, bytes),
                    now);
        }
    }
}
