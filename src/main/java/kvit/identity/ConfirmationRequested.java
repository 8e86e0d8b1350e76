package kvit.identity;

import java.util.UUID;
import kvit.outbox.Event;

/**
 * Somebody has to confirm something by a code. The code is not in here: it is made when it is sent,
 * and stored nowhere.
 *
 * @param number the how manieth code; once a later one is asked for, this one is not sent
 */
public record ConfirmationRequested(UUID confirmation, int number) implements Event {
    @Override
    public UUID key() {
        return confirmation;
    }
}
