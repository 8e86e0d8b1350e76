package kvit.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.util.List;
import kvit.source.Clock;
import kvit.source.Ids;

/** Takes events in the transaction of the change that caused them. */
@ApplicationScoped
public class Outbox {

    private final OutboxStore store;
    private final Relay relay;
    private final EventLog log;
    private final Clock clock;
    private final Ids ids;
    private final ObjectMapper json;
    private final TransactionSynchronizationRegistry transaction;

    Outbox(
            OutboxStore store,
            Relay relay,
            EventLog log,
            Clock clock,
            Ids ids,
            ObjectMapper json,
            TransactionSynchronizationRegistry transaction) {
        this.store = store;
        this.relay = relay;
        this.log = log;
        this.clock = clock;
        this.ids = ids;
        this.json = json;
        this.transaction = transaction;
    }

    /** Stores them all with one statement; delivery begins right after the commit. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void add(List<? extends Event> events) {
        if (events.isEmpty()) {
            return;
        }
        var now = clock.instant();
        var awaited = events.stream().anyMatch(it -> relay.delivers(topic(it)));
        store.insert(
                events.stream()
                        .map(
                                it ->
                                        new OutboxStore.Row(
                                                it.key(), ids.next(), topic(it), payload(it), 0))
                        .toList(),
                now,
                relay::delivers);
        transaction.registerInterposedSynchronization(new NudgeAfterCommit(awaited));
    }

    static String topic(Event event) {
        return event.getClass().getSimpleName();
    }

    private String payload(Event event) {
        try {
            return json.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "an event must be a plain record: " + event.getClass(), e);
        }
    }

    /** Spares an event the wait for the next poll. */
    private class NudgeAfterCommit implements Synchronization {

        private final boolean isAwaited;

        NudgeAfterCommit(boolean isAwaited) {
            this.isAwaited = isAwaited;
        }

        @Override
        public void beforeCompletion() {}

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                log.added();
                if (isAwaited) {
                    relay.nudge();
                }
            }
        }
    }
}
