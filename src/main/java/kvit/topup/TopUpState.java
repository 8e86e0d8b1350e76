package kvit.topup;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a top-up is. */
public enum TopUpState {
    /** The processor was asked, or was about to be, and has not said what became of it. */
    @JsonProperty("pending")
    PENDING,
    /** The card was charged, and the money is in the wallet. */
    @JsonProperty("completed")
    COMPLETED,
    /** Nothing was charged, and nothing will be. */
    @JsonProperty("declined")
    DECLINED
}
