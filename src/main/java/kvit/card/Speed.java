package kvit.card;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How fast money goes out to a card. */
public enum Speed {
    /** One to three business days. */
    @JsonProperty("standard")
    STANDARD,
    /** Minutes, for a fee, and only to cards that can take it. */
    @JsonProperty("instant")
    INSTANT
}
