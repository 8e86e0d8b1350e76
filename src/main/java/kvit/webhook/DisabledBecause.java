package kvit.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an endpoint is disabled. */
enum DisabledBecause {
    /** Somebody has switched it off. */
    @JsonProperty("operator")
    OPERATOR,
    /** It has answered 410, which asks for that. */
    @JsonProperty("gone")
    GONE,
    /** Nothing has arrived there for days. */
    @JsonProperty("failing")
    FAILING
}
