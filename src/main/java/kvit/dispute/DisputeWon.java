package kvit.dispute;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** The money of a contested charge is here again, and nothing is held any more. */
record DisputeWon(UUID dispute, UUID customer, UUID card, UUID topUp, Money amount, Instant wonAt)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
