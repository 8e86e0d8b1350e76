package kvit.friend;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import kvit.friend.Friendship.Standing;
import kvit.identity.People;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** What a person sees of their friends, and of those who may become friends. */
@ApplicationScoped
class FriendList {

    private static final List<Standing> SHOWN =
            List.of(Standing.FRIENDS, Standing.SENT, Standing.RECEIVED);

    private final FriendshipStore store;
    private final People people;
    private final Cursors cursors;

    FriendList(FriendshipStore store, People people, Cursors cursors) {
        this.store = store;
        this.people = people;
        this.cursors = cursors;
    }

    /**
     * @param state null for friends
     * @throws Problem VALIDATION_FAILED
     */
    Page<FriendView> page(UUID person, @Nullable String state, PageParameters parameters) {
        var standing = standing(state);
        var page =
                cursors.page(
                        "friends|" + person + "|" + standing,
                        parameters,
                        (before, atMost) -> store.list(person, standing, before, atMost),
                        Friendship::id);
        var views = people.views(page.items().stream().map(it -> it.other(person)).toList());
        return page.map(
                it ->
                        FriendView.of(
                                it, person, Objects.requireNonNull(views.get(it.other(person)))));
    }

    private static Standing standing(@Nullable String state) {
        if (state == null) {
            return Standing.FRIENDS;
        }
        return SHOWN.stream()
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(state))
                .findFirst()
                .orElseThrow(
                        () ->
                                GeneralProblem.invalid(
                                        "?state", "must be one of friends, sent, received"));
    }
}
