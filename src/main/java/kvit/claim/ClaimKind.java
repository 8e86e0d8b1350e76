package kvit.claim;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What somebody says of a transfer of theirs. */
public enum ClaimKind {
    /** Somebody else has sent it. */
    @JsonProperty("unauthorised")
    UNAUTHORISED,
    /** They have, but it went to somebody else, twice, or with another amount. */
    @JsonProperty("wrong")
    WRONG
}
