package kvit.outbox;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All committed events, each once, for a reader who keeps its place in the database: what it makes
 * of them is committed together with how far it has come.
 *
 * <p>They are read by the numbers of their transactions, and only below the oldest running one: all
 * of that has ended, so nothing turns up behind it later, however long somebody's COMMIT takes. A
 * transaction that hangs holds up everybody who reads. What was read is given in the order in which
 * it was stored. That is not the same: a transaction has its number before it waits for a lock, and
 * stores its event after it has it; two of one wallet are in the order of the wallet's entries.
 */
@ApplicationScoped
public class EventLog {

    /**
     * An event as it was stored.
     *
     * @param topic the simple name of its record
     * @param payload the record as JSON
     */
    public record Stored(UUID id, String topic, String payload, Instant at) {}

    /**
     * The first event that a reader has not read.
     *
     * @param isReadable whether everything before it has ended; if not, it has to wait
     */
    public record Unread(Instant since, boolean isReadable) {}

    private final OutboxStore store;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    EventLog(OutboxStore store) {
        this.store = store;
    }

    /** Whether there is something to read; costs a look at an index and no lock. */
    public Optional<Unread> unread(String reader) {
        return store.unread(reader);
    }

    /**
     * The next events, and moves the reader's place behind them.
     *
     * @return at most so many; nothing where there is nothing, or another replica is just reading
     */
    @Transactional(MANDATORY)
    public List<Stored> next(String reader, int atMost) {
        var place = store.lock(reader);
        if (place.isEmpty()) {
            return List.of();
        }
        var rows = store.after(place.get(), atMost);
        if (rows.isEmpty()) {
            return List.of();
        }
        var read = rows.size() < atMost ? rows : rows.subList(0, cut(rows));
        store.move(reader, read.get(read.size() - 1).place());
        return read.stream()
                .map(OutboxStore.Past::event)
                .sorted(Comparator.comparing(Stored::id))
                .toList();
    }

    /**
     * How many to read where there are more: so many that all of them were stored before all others
     * that are known. The last quarter is only looked at; who overlaps with more than that may get
     * out of order.
     */
    static int cut(List<OutboxStore.Past> rows) {
        var earliest = new UUID[rows.size()];
        var least = rows.get(rows.size() - 1).event().id();
        for (var i = rows.size() - 1; i >= 0; i--) {
            var id = rows.get(i).event().id();
            least = id.compareTo(least) < 0 ? id : least;
            earliest[i] = least;
        }
        var latest = rows.get(0).event().id();
        var cut = rows.size();
        for (var i = 1; i <= rows.size() * 3 / 4; i++) {
            var before = rows.get(i - 1).event().id();
            latest = before.compareTo(latest) > 0 ? before : latest;
            cut = latest.compareTo(earliest[i]) < 0 ? i : cut;
        }
        return cut;
    }

    /** Is called after each commit of events on this replica; must be quick. */
    public void whenAdded(Runnable listener) {
        listeners.add(listener);
    }

    void added() {
        listeners.forEach(Runnable::run);
    }
}
