package kvit.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of a delivery. */
enum DeliveryState {
    /** Waits for its turn, its time or its answer. */
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("delivered")
    DELIVERED,
    /** Given up, until somebody sends it again. */
    @JsonProperty("dead")
    DEAD
}
