package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Where a transfer stands. COMPLETED becomes REFUNDED when all of it was given back; nothing else
 * moves.
 */
enum TransferState {
    @JsonProperty("completed")
    COMPLETED,
    @JsonProperty("declined")
    DECLINED,
    @JsonProperty("refunded")
    REFUNDED
}
