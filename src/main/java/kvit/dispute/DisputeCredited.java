package kvit.dispute;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** Somebody has what a dispute holds of them, for the time being. */
record DisputeCredited(UUID dispute, UUID customer, Money amount, Instant at) implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
