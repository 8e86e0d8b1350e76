package kvit.reconcile;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far somebody is with a break. */
enum BreakState {
    /** It is still in time to come. */
    @JsonProperty("expected")
    EXPECTED,
    @JsonProperty("open")
    OPEN,
    /** Somebody owns it. */
    @JsonProperty("investigating")
    INVESTIGATING,
    /** What would end it waits for a second operator. Written down nowhere but in that request. */
    @JsonProperty("pending_approval")
    PENDING_APPROVAL,
    @JsonProperty("reopened")
    REOPENED,
    @JsonProperty("resolved")
    RESOLVED
}
