package kvit.request;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an amount is divided among people. */
enum Split {
    @JsonProperty("equal")
    EQUAL,
    /** Each has an amount. */
    @JsonProperty("amounts")
    AMOUNTS,
    /** Each has a number of shares. */
    @JsonProperty("shares")
    SHARES
}
