package kvit.closing;

import java.time.Instant;
import java.util.UUID;
import kvit.outbox.Event;

/** Somebody wants to leave. */
record ClosingBegun(UUID customer, Instant closesAfter) implements Event {
    @Override
    public UUID key() {
        return customer;
    }
}
