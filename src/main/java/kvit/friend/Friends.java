package kvit.friend;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.friend.Friendship.Standing;

/** Who is friends with whom, for the other capabilities. */
@ApplicationScoped
public class Friends {

    private final FriendshipStore store;
    private final FriendConfig config;

    Friends(FriendshipStore store, FriendConfig config) {
        this.store = store;
        this.config = config;
    }

    /** All of somebody's, who has no more than may be. */
    public List<UUID> of(UUID person) {
        return store.list(person, Standing.FRIENDS, null, config.friendsMax()).stream()
                .map(it -> it.other(person))
                .toList();
    }

    /** Ends all of one who leaves, in the caller's transaction; nobody is told. */
    public void forget(UUID person) {
        store.removeAll(person);
    }

    public boolean are(UUID one, UUID other) {
        return store.find(one, other).map(it -> it.seenBy(one) == Standing.FRIENDS).orElse(false);
    }
}
