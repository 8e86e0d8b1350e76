package kvit.closing;

import java.time.Instant;
import java.util.UUID;
import kvit.outbox.Event;

/** Somebody has left: nothing was under way of theirs, and no money. */
record AccountClosed(UUID customer, Instant closedAt) implements Event {
    @Override
    public UUID key() {
        return customer;
    }
}
