package kvit.payout;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** A payout has arrived on the card. */
record PayoutCompleted(UUID payout, UUID customer, UUID card, Money amount, Instant paidAt)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
