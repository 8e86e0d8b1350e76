package kvit.claim;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a claim is; nothing comes after the last two. */
public enum ClaimState {
    @JsonProperty("received")
    RECEIVED,
    @JsonProperty("investigating")
    INVESTIGATING,
    /** They have their money. */
    @JsonProperty("accepted")
    ACCEPTED,
    @JsonProperty("rejected")
    REJECTED;

    boolean isOpen() {
        return this == RECEIVED || this == INVESTIGATING;
    }
}
