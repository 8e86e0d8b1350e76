package kvit.transfer;

import java.util.UUID;
import kvit.outbox.Event;

/** Somebody for whom money waits has proved their phone, or has a card. */
record PayeeArrived(UUID customer) implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
