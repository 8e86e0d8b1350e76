package kvit.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether an endpoint is sent anything. */
enum EndpointState {
    /** Has no secret yet; what happens until it has one is not for it. */
    @JsonProperty("new")
    NEW,
    @JsonProperty("active")
    ACTIVE,
    /** What happens meanwhile waits, as long as notices are kept. */
    @JsonProperty("disabled")
    DISABLED
}
