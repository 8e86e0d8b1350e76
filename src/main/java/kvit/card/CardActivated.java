package kvit.card;

import java.util.UUID;
import kvit.outbox.Event;

/** Its holder has typed in the code: from now on it can be paid with. */
record CardActivated(UUID card, UUID customer) implements Event {
    @Override
    public UUID key() {
        return customer;
    }
}
