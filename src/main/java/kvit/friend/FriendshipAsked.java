package kvit.friend;

import java.util.UUID;
import kvit.outbox.Event;

/**
 * Somebody is asked to be friends.
 *
 * @param customer who is
 * @param other who asks
 */
record FriendshipAsked(UUID customer, UUID other) implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
