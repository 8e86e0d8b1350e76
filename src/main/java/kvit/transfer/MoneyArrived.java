package kvit.transfer;

import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/**
 * Somebody has received money who is signed in nowhere, so that a message is all that reaches them.
 *
 * @param customer who has received it
 * @param other from whom
 * @param more so many payments have arrived with it
 */
record MoneyArrived(UUID transfer, UUID customer, UUID other, Money amount, int more)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
