package kvit.identity;

import java.time.Instant;
import java.util.UUID;
import kvit.outbox.Event;

/**
 * Somebody who did not know their PIN has set another one, by a sign-in and a card.
 *
 * @param payoutsHeldUntil nothing may be paid out to a card before
 */
public record PinReset(UUID customer, Instant payoutsHeldUntil) implements Event {
    @Override
    public UUID key() {
        return customer;
    }
}
