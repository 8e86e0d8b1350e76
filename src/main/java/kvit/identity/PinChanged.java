package kvit.identity;

import java.util.UUID;
import kvit.outbox.Event;

/**
 * Somebody has a PIN, or another one. Which, is in here as little as anywhere.
 *
 * @param isFirst whether there was none before
 * @param isTold whether the owner gets a message: not of more than so many changes a day
 */
public record PinChanged(UUID customer, boolean isFirst, boolean isTold) implements Event {
    @Override
    public UUID key() {
        return customer;
    }
}
