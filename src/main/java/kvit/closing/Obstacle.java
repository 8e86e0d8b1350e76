package kvit.closing;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an account is not closed with, in the order in which people are told of it. */
enum Obstacle {
    /** A charge that a cardholder contests may take money from them, or give some back. */
    @JsonProperty("dispute")
    DISPUTE,
    /** So may a claim, of theirs or of somebody who has sent them something. */
    @JsonProperty("claim")
    CLAIM,
    /** What a card is being charged is theirs in a moment, or goes back to it. */
    @JsonProperty("charge")
    CHARGE,
    @JsonProperty("transfer")
    TRANSFER,
    @JsonProperty("payout")
    PAYOUT,
    @JsonProperty("money")
    MONEY
}
