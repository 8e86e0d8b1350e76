package kvit.request;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a request stands. */
enum RequestState {
    /** Somebody may still pay. */
    @JsonProperty("open")
    OPEN,
    /** Everybody who was asked has paid or declined. */
    @JsonProperty("settled")
    SETTLED,
    /** Its asker has stopped it; what was paid before stays paid. */
    @JsonProperty("cancelled")
    CANCELLED
}
