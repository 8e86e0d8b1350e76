package kvit.closing;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That somebody wants to leave, and how far it is.
 *
 * @param closesAfter it is not closed before; whatever was on its way to them has arrived by then
 */
record Closing(
        UUID customer,
        UUID id,
        ClosingState state,
        Instant askedAt,
        Instant closesAfter,
        @Nullable Instant closedAt,
        @Nullable Instant withdrawnAt,
        @Nullable Instant forgottenAt) {

    static Closing asked(UUID customer, UUID id, Instant now, Instant closesAfter) {
        return new Closing(customer, id, ClosingState.CLOSING, now, closesAfter, null, null, null);
    }

    Closing closed(Instant now) {
        return become(ClosingState.CLOSED, now, null, null);
    }

    Closing withdrawn(Instant now) {
        return become(ClosingState.WITHDRAWN, null, now, null);
    }

    /** Money has come for somebody who has left. */
    Closing owed() {
        return become(ClosingState.OWED, closedAt, null, forgottenAt);
    }

    /** It was given to them, however. */
    Closing settled() {
        return become(ClosingState.CLOSED, closedAt, null, forgottenAt);
    }

    Closing forgotten(Instant now) {
        return new Closing(customer, id, state, askedAt, closesAfter, closedAt, withdrawnAt, now);
    }

    private Closing become(
            ClosingState next,
            @Nullable Instant closed,
            @Nullable Instant withdrawn,
            @Nullable Instant forgotten) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(id + " is " + state + " and does not become " + next);
        }
        return new Closing(customer, id, next, askedAt, closesAfter, closed, withdrawn, forgotten);
    }
}
