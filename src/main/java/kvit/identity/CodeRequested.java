package kvit.identity;

import java.util.UUID;
import kvit.outbox.Event;

/**
 * Somebody waits for a code. The code is not in here: it is made when it is sent, and stored
 * nowhere.
 *
 * @param number the how manieth code of the sign-in; once a later one is asked for, this one is not
 *     sent
 */
public record CodeRequested(UUID signIn, int number) implements Event {
    @Override
    public UUID key() {
        return signIn;
    }
}
