package kvit.closing;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Set;

/** How far somebody has left, as the table says, too. */
enum ClosingState {
    /** Nobody finds them; what is theirs comes to its end. */
    @JsonProperty("closing")
    CLOSING,
    @JsonProperty("closed")
    CLOSED,
    /** Closed, and money has come since that is theirs. */
    @JsonProperty("owed")
    OWED,
    /** They have stayed. */
    @JsonProperty("withdrawn")
    WITHDRAWN;

    boolean mayBecome(ClosingState next) {
        return switch (this) {
            case CLOSING -> Set.of(CLOSED, WITHDRAWN).contains(next);
            case CLOSED -> next == OWED;
            case OWED -> next == CLOSED;
            case WITHDRAWN -> false;
        };
    }
}
