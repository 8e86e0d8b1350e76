package kvit.topup;

import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** A card was not charged, and will not be for this. */
record TopUpDeclined(UUID topUp, UUID customer, UUID card, Money amount, String declineCode)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
