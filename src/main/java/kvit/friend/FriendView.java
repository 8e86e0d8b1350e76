package kvit.friend;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import kvit.identity.PersonView;

/**
 * Somebody as a friend, or one to be.
 *
 * @param since when it became so
 */
record FriendView(PersonView person, State state, Instant since) {

    enum State {
        @JsonProperty("friends")
        FRIENDS,
        /** You have asked them, and they have not agreed yet. */
        @JsonProperty("sent")
        SENT,
        /** They have asked you. */
        @JsonProperty("received")
        RECEIVED
    }

    static FriendView of(Friendship friendship, UUID viewer, PersonView other) {
        return new FriendView(other, state(friendship.seenBy(viewer)), friendship.since());
    }

    private static State state(Friendship.Standing standing) {
        return switch (standing) {
            case FRIENDS -> State.FRIENDS;
            case SENT -> State.SENT;
            case RECEIVED -> State.RECEIVED;
            case NOTHING -> throw new IllegalStateException("nobody is shown nothing");
        };
    }
}
