package kvit.card;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumSet;
import java.util.Set;

/** Where a card stands, and where it may go from there. */
public enum CardState {
    /** Its holder has yet to type in the code that was sent. */
    @JsonProperty("pending_verification")
    PENDING_VERIFICATION,
    @JsonProperty("active")
    ACTIVE,
    @JsonProperty("removed")
    REMOVED,
    /** Nobody has typed in a code in time. */
    @JsonProperty("expired")
    EXPIRED,
    /** The processor does not take it. */
    @JsonProperty("declined")
    DECLINED;

    /** Whether its number is in the vault. */
    boolean isLiving() {
        return this == PENDING_VERIFICATION || this == ACTIVE;
    }

    boolean mayBecome(CardState next) {
        return next().contains(next);
    }

    private Set<CardState> next() {
        return switch (this) {
            case PENDING_VERIFICATION -> EnumSet.of(ACTIVE, REMOVED, EXPIRED, DECLINED);
            case ACTIVE -> EnumSet.of(REMOVED);
            case REMOVED, EXPIRED, DECLINED -> EnumSet.noneOf(CardState.class);
        };
    }
}
