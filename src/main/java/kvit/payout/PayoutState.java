package kvit.payout;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a payout is. */
enum PayoutState {
    /** The money has left the wallet, and maybe us; whether it has arrived nobody knows yet. */
    @JsonProperty("in_transit")
    IN_TRANSIT,
    /** The processor says that it has arrived. It may still come back. */
    @JsonProperty("paid")
    PAID,
    /** It did not arrive, or came back: it is in the wallet again, with the fee. */
    @JsonProperty("returned")
    RETURNED,
    /** Taken back before it was handed over to the processor. */
    @JsonProperty("cancelled")
    CANCELLED,
    /** Refused: nothing has left the wallet. */
    @JsonProperty("declined")
    DECLINED
}
