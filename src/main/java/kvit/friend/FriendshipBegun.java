package kvit.friend;

import java.util.UUID;
import kvit.outbox.Event;

/**
 * Two people are friends from now on; one of these for each of them. That it ends is told to
 * nobody.
 *
 * @param customer whose news it is
 * @param other their new friend
 */
record FriendshipBegun(UUID customer, UUID other) implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
