package kvit.identity;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How well we know a customer. */
public enum CustomerTier {
    /** A phone that was proved by a code, and nothing more. */
    @JsonProperty("phone")
    PHONE,
    /** Identity documents have been seen. */
    @JsonProperty("verified")
    VERIFIED
}
