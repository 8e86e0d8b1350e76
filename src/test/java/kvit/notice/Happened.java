package kvit.notice;

import kvit.outbox.Event;

import java.util.UUID;

/** Concerns two people. */
record Happened(UUID first, UUID second, int number) implements Event {

    @Override
    public UUID key() {
        return first;
    }
}
