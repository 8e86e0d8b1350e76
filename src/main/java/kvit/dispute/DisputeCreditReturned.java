package kvit.dispute;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** What somebody had for the time of a dispute was taken back. */
record DisputeCreditReturned(UUID dispute, UUID customer, Money amount, Instant at)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
