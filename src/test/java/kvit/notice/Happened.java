package kvit.notice;

import java.util.UUID;
import kvit.outbox.Event;

/** Concerns two people. */
record Happened(UUID first, UUID second, int number) implements Event {

    @Override
    public UUID key() {
        return first;
    }
}
