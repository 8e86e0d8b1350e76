package kvit.identity;

import java.time.Instant;
import java.util.UUID;
import kvit.outbox.Event;

/** Somebody's money moves again. */
record CustomerUnfrozen(UUID customer, Instant at) implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
