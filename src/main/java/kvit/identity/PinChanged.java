package kvit.identity;

import java.util.UUID;
import kvit.outbox.Event;

/**
 * Somebody has a PIN, or another one. Which, is in here as little as anywhere.
 *
 * @param isFirst whether there was none before
 */
public record PinChanged(UUID customer, boolean isFirst) implements Event {
    @Override
    public UUID key() {
        return customer;
    }
}
