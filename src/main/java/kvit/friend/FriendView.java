package kvit.friend;

import java.time.Instant;
import java.util.UUID;
import kvit.identity.PersonView;

/**
 * Somebody as a friend, or one to be.
 *
 * @param since when it became so
 */
record FriendView(PersonView person, FriendState state, Instant since) {

    static FriendView of(Friendship friendship, UUID viewer, PersonView other) {
        return new FriendView(other, state(friendship.seenBy(viewer)), friendship.since());
    }

    private static FriendState state(Friendship.Standing standing) {
        return switch (standing) {
            case FRIENDS -> FriendState.FRIENDS;
            case SENT -> FriendState.SENT;
            case RECEIVED -> FriendState.RECEIVED;
            case NOTHING -> throw new IllegalStateException("nobody is shown nothing");
        };
    }
}
