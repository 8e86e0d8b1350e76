package kvit.identity;

import java.time.Instant;
import java.util.UUID;
import kvit.outbox.Event;

/** Somebody's money does not move any more. Why is not theirs to read: it may be a suspicion. */
record CustomerFrozen(UUID customer, Instant at) implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
