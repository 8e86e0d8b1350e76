package kvit.payout;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** A payout cannot be as quick as it was meant to be: the fee is back, and it is a standard one. */
record PayoutSlowed(
        UUID payout,
        UUID customer,
        UUID card,
        Money amount,
        Money feeReturned,
        Instant estimatedArrival)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
