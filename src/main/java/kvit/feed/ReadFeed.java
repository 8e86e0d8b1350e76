package kvit.feed;

import static kvit.identity.PersonProblem.PERSON_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.feed.FeedStore.Shown;
import kvit.friend.Friends;
import kvit.identity.People;
import kvit.identity.PersonRef;
import kvit.identity.Visibility;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Shows who has paid whom: one's own, and what friends of either party may see. It is decided anew
 * for each page, so that a friendship that has ended shows nothing from then on.
 */
@ApplicationScoped
class ReadFeed {

    private final FeedStore store;
    private final Friends friends;
    private final People people;
    private final Cursors cursors;

    ReadFeed(FeedStore store, Friends friends, People people, Cursors cursors) {
        this.store = store;
        this.friends = friends;
        this.people = people;
        this.cursors = cursors;
    }

    /**
     * @param of whose; null for the viewer's and their friends'
     * @throws Problem VALIDATION_FAILED, PERSON_NOT_FOUND
     */
    Page<FeedEntry> page(UUID viewer, @Nullable UUID of, PageParameters parameters) {
        var own = of == null || of.equals(viewer);
        var others = of == null ? friendsOf(viewer) : own ? List.<Shown>of() : shown(viewer, of);
        var page =
                cursors.page(
                        "feed|" + viewer + "|" + of,
                        parameters,
                        (before, atMost) ->
                                store.entries(
                                        new FeedStore.Query(viewer, own, others, before, atMost)),
                        FeedEntry.Row::id);
        var everybody = new LinkedHashSet<UUID>();
        page.items().forEach(it -> everybody.addAll(List.of(it.payer(), it.payee())));
        var views = people.views(everybody);
        return page.map(it -> FeedEntry.of(it, views));
    }

    private List<Shown> friendsOf(UUID viewer) {
        var shown = new ArrayList<Shown>();
        friends.of(viewer).forEach(it -> shown.addAll(toFriends(it)));
        return shown;
    }

    private List<Shown> shown(UUID viewer, UUID of) {
        var ref = PersonRef.of(of);
        if (people.sight(List.of(PersonRef.of(viewer), ref)).seenBy(viewer, ref) == null) {
            throw PERSON_NOT_FOUND.because("Nobody here has it.");
        }
        return friends.are(viewer, of) ? toFriends(of) : List.of(new Shown(of, Visibility.PUBLIC));
    }

    private static List<Shown> toFriends(UUID friend) {
        return Stream.of(Visibility.FRIENDS, Visibility.PUBLIC)
                .map(it -> new Shown(friend, it))
                .toList();
    }
}
