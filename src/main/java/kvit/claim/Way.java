package kvit.claim;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose money makes good what was claimed. */
enum Way {
    /** Ours; what they have meanwhile becomes theirs. */
    @JsonProperty("losses")
    LOSSES,
    /** The payee's, who has it still; what they have of ours meanwhile goes back. */
    @JsonProperty("reversal")
    REVERSAL
}
