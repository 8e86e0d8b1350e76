package kvit.friend;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What two people have said of being friends. There is one for a pair, or none where nothing is
 * said any more.
 *
 * @param asker who has asked; of friends, who asked first
 * @param id another one with each change that both may see, and greater: the place in the lists of
 *     both
 * @param since when it became so; a decline keeps both, or its asker would see that there was one
 */
record Friendship(UUID asker, UUID asked, State state, UUID id, Instant since) {

    enum State {
        ASKED,
        /** Which the asker never hears of: it looks to them as if nobody had answered. */
        DECLINED,
        /** Declined, and then taken back: should they ask again, they are declined already. */
        WITHDRAWN,
        FRIENDS
    }

    /** As one of the two sees it. */
    enum Standing {
        /** They have asked, and there was no answer yet. */
        SENT,
        /** They were asked. */
        RECEIVED,
        FRIENDS,
        NOTHING
    }

    static Friendship asked(UUID asker, UUID asked, UUID id, Instant now) {
        return new Friendship(asker, asked, State.ASKED, id, now);
    }

    /** One of the two wants it: they ask, or agree to what they were asked. */
    Friendship wantedBy(UUID person, UUID newId, Instant now) {
        var isAsker = person.equals(asker);
        return switch (state) {
            case FRIENDS -> this;
            case ASKED -> isAsker ? this : with(State.FRIENDS, newId, now);
            case DECLINED -> isAsker ? this : with(State.FRIENDS, newId, now);
            case WITHDRAWN ->
                    isAsker ? with(State.DECLINED, newId, now) : asked(asked, asker, newId, now);
        };
    }

    /**
     * One of the two wants it no more: they take back what they asked, decline, or end it. Empty
     * where nothing is left to be said.
     */
    Optional<Friendship> unwantedBy(UUID person, UUID newId, Instant now) {
        var isAsker = person.equals(asker);
        return switch (state) {
            case FRIENDS -> Optional.empty();
            case ASKED -> isAsker ? Optional.empty() : Optional.of(with(State.DECLINED, id, since));
            case DECLINED -> Optional.of(isAsker ? with(State.WITHDRAWN, newId, now) : this);
            case WITHDRAWN -> Optional.of(this);
        };
    }

    Standing seenBy(UUID person) {
        var isAsker = person.equals(asker);
        return switch (state) {
            case FRIENDS -> Standing.FRIENDS;
            case ASKED -> isAsker ? Standing.SENT : Standing.RECEIVED;
            case DECLINED -> isAsker ? Standing.SENT : Standing.NOTHING;
            case WITHDRAWN -> Standing.NOTHING;
        };
    }

    UUID other(UUID person) {
        return person.equals(asker) ? asked : asker;
    }

    private Friendship with(State newState, UUID newId, Instant now) {
        return new Friendship(asker, asked, newState, newId, now);
    }
}
