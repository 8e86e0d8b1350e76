package kvit.dispute;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** The money of a contested charge stays away; what was held is gone. */
record DisputeLost(
        UUID dispute,
        UUID customer,
        UUID card,
        UUID topUp,
        Money amount,
        Money taken,
        Instant lostAt)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
