package kvit.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where a share of a request stands. One of them is never seen outside. */
@Schema(enumeration = {"open", "paying", "paid", "declined", "divided", "cancelled"})
enum ShareState {
    @JsonProperty("open")
    OPEN,
    /** A transfer for it waits: for a confirmation, for a review, or for a card. */
    @JsonProperty("paying")
    PAYING,
    @JsonProperty("paid")
    PAID,
    @JsonProperty("declined")
    DECLINED,
    /** Declined, and what it came to was divided among others. */
    @JsonProperty("divided")
    DIVIDED,
    @JsonProperty("cancelled")
    CANCELLED,
    /** What the asker bears, which nobody is asked for. */
    @JsonProperty("own")
    OWN;

    /** Whether it may still be paid. */
    boolean isUnsettled() {
        return this == OPEN || this == PAYING;
    }
}
