package kvit.operate;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of what an operator wanted: alone all at once, and by two step by step. */
enum AuditStep {
    @JsonProperty("done")
    DONE,
    /** Not let in. */
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("proposed")
    PROPOSED,
    /** Approved and, in the same moment, carried out. */
    @JsonProperty("executed")
    EXECUTED,
    @JsonProperty("rejected")
    REJECTED,
    @JsonProperty("withdrawn")
    WITHDRAWN,
    @JsonProperty("stale")
    STALE,
    @JsonProperty("expired")
    EXPIRED
}
