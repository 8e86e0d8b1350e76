package kvit.friend;

import static kvit.friend.FriendProblem.PERSON_IS_YOU;
import static kvit.friend.FriendProblem.TOO_MANY_FRIENDS;
import static kvit.identity.PersonProblem.PERSON_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.friend.Friendship.Standing;
import kvit.friend.Friendship.State;
import kvit.identity.Blocks;
import kvit.identity.People;
import kvit.identity.PersonRef;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.throttle.RateLimits;

/** Asks somebody to be friends, or agrees, where they have asked before. */
@ApplicationScoped
class AskForFriendship {

    private static final Duration DAY = Duration.ofDays(1);

    private final FriendshipStore store;
    private final People people;
    private final Blocks blocks;
    private final RateLimits rates;
    private final Outbox outbox;
    private final MoneyTransactions transactions;
    private final FriendConfig config;
    private final Clock clock;
    private final Ids ids;

    AskForFriendship(
            FriendshipStore store,
            People people,
            Blocks blocks,
            RateLimits rates,
            Outbox outbox,
            MoneyTransactions transactions,
            FriendConfig config,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.people = people;
        this.blocks = blocks;
        this.rates = rates;
        this.outbox = outbox;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * As it is between the two now; what was said before is not said twice.
     *
     * @throws Problem TOO_MANY_REQUESTS, PERSON_IS_YOU, PERSON_NOT_FOUND, TOO_MANY_FRIENDS
     */
    FriendView ask(UUID person, UUID other) {
        count(person);
        if (person.equals(other)) {
            throw PERSON_IS_YOU.because("You have named yourself.");
        }
        return transactions.once(() -> inTransaction(person, other));
    }

    /** Takes a connection of its own, so it is not done within a transaction. */
    private void count(UUID person) {
        var limit = new RateLimits.Limit(config.askedPerDay(), DAY);
        rates.take("friend:" + person, 1, limit)
                .ifPresent(
                        wait -> {
                            throw GeneralProblem.TOO_MANY_REQUESTS
                                    .because("You have asked very many people today.")
                                    .retryAfter(wait);
                        });
    }

    private FriendView inTransaction(UUID person, UUID other) {
        blocks.hold(person, other);
        var ref = PersonRef.of(other);
        var seen = people.sight(List.of(PersonRef.of(person), ref)).seenBy(person, ref);
        if (seen == null) {
            throw PERSON_NOT_FOUND.because("Nobody here has it.");
        }
        var id = ids.next();
        var now = clock.instant();
        var before = store.find(person, other);
        var after =
                before.map(it -> it.wantedBy(person, id, now))
                        .orElseGet(() -> Friendship.asked(person, other, id, now));
        if (!before.equals(Optional.of(after))) {
            requireRoom(after);
            store.put(after);
            tell(after);
        }
        return FriendView.of(after, person, seen.view());
    }

    /** Both are held, so neither makes another friend meanwhile. */
    private void requireRoom(Friendship friendship) {
        if (friendship.state() == State.FRIENDS
                && (isFull(friendship.asker()) || isFull(friendship.asked()))) {
            throw TOO_MANY_FRIENDS
                    .because("Nobody has more than " + config.friendsMax() + " friends.")
                    .with("friendsMax", config.friendsMax());
        }
    }

    private boolean isFull(UUID person) {
        var max = config.friendsMax();
        return store.list(person, Standing.FRIENDS, null, max).size() >= max;
    }

    private void tell(Friendship friendship) {
        var asker = friendship.asker();
        var asked = friendship.asked();
        switch (friendship.state()) {
            case ASKED -> outbox.add(List.of(new FriendshipAsked(asked, asker)));
            case FRIENDS ->
                    outbox.add(
                            List.of(
                                    new FriendshipBegun(asker, asked),
                                    new FriendshipBegun(asked, asker)));
            case DECLINED, WITHDRAWN -> {
                // Who was declined before asks nobody once more.
            }
        }
    }
}
