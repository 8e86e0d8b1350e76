package kvit.card;

import java.time.Instant;
import java.util.UUID;
import kvit.outbox.Event;

/** Its number is destroyed, because its owner wished so or nobody confirmed it in time. */
record CardRemoved(UUID card, UUID customer, String reason, Instant at) implements Event {
    @Override
    public UUID key() {
        return customer;
    }
}
