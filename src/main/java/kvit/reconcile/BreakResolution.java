package kvit.reconcile;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a break has ended. */
enum BreakResolution {
    /** What was missing has come. */
    @JsonProperty("late_match")
    LATE_MATCH,
    @JsonProperty("manual_match")
    MANUAL_MATCH,
    /** By something else that we have done. */
    @JsonProperty("corrected")
    CORRECTED,
    @JsonProperty("written_off")
    WRITTEN_OFF,
    /** The processor has mended it. */
    @JsonProperty("psp_corrected")
    PSP_CORRECTED,
    /** It was none. */
    @JsonProperty("void")
    VOID,
    /** Two have said what it is together with others, or whose its money is. */
    @JsonProperty("settled")
    SETTLED
}
