package kvit.outbox;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All events in the order of their commits, each once, for a reader who keeps its place in the
 * database: what it makes of them is committed together with how far it has come.
 *
 * <p>The order is that of the transactions' numbers, and only what is below the oldest running one
 * is read: all of that has ended, so nothing turns up behind it later, however long somebody's
 * COMMIT takes. A transaction that hangs holds up everybody who reads.
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
     * @return nothing where there is nothing, or another replica is just reading
     */
    @Transactional(MANDATORY)
    public List<Stored> next(String reader, int atMost) {
        var place = store.lock(reader);
        if (place.isEmpty()) {
            return List.of();
        }
        var rows = store.after(place.get(), atMost);
        if (!rows.isEmpty()) {
            store.move(reader, rows.get(rows.size() - 1).place());
        }
        return rows.stream().map(OutboxStore.Past::event).toList();
    }

    /** Is called after each commit of events on this replica; must be quick. */
    public void whenAdded(Runnable listener) {
        listeners.add(listener);
    }

    void added() {
        listeners.forEach(Runnable::run);
    }
}
