package kvit.payout;

import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** Money was not paid out, and will not be for this. */
record PayoutDeclined(UUID payout, UUID customer, UUID card, Money amount, String declineCode)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
