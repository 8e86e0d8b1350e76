package kvit.topup;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** A card was charged, and the money is in its owner's wallet. */
record TopUpCompleted(UUID topUp, UUID customer, UUID card, Money amount, Instant completedAt)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
