package kvit.friend;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far it is with somebody who is shown as a friend, or as one to be. */
enum FriendState {
    @JsonProperty("friends")
    FRIENDS,
    /** You have asked them, and they have not agreed yet. */
    @JsonProperty("sent")
    SENT,
    /** They have asked you. */
    @JsonProperty("received")
    RECEIVED
}
