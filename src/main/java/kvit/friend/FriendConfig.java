package kvit.friend;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "kvit.friend")
interface FriendConfig {

    /** Friends of one person: more than anybody knows, and few enough for each to be in a feed. */
    @WithDefault("1000")
    int friendsMax();

    /** So many people one customer may ask or agree to in a day: each of them is told. */
    @WithDefault("100")
    int askedPerDay();

    /** Whom one person may block; all of them are looked at when somebody pays them. */
    @WithDefault("1000")
    int blocksMax();
}
