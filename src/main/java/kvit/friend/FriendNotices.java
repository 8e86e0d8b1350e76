package kvit.friend;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;

/** What people are told of friendships: that one is asked for, and that one has begun. */
@ApplicationScoped
class FriendNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                Telling.one(
                        FriendshipAsked.class,
                        FriendshipAsked::customer,
                        "friend.asked",
                        it -> new FriendNotice(it.other())),
                Telling.one(
                        FriendshipBegun.class,
                        FriendshipBegun::customer,
                        "friend.begun",
                        it -> new FriendNotice(it.other())));
    }
}
