package kvit.identity;

import java.util.UUID;
import kvit.outbox.Event;

/**
 * Somebody waits for a code. The code is not in here: it is made when it is sent, and stored
 * nowhere.
 */
public record CodeRequested(UUID signIn) implements Event {
    @Override
    public UUID key() {
        return signIn;
    }
}
