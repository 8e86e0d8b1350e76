package kvit.identity;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether people come in through a front end. */
enum ClientState {
    @JsonProperty("active")
    ACTIVE,
    /** Nobody signs in through it, and its sessions stand still until it is active again. */
    @JsonProperty("disabled")
    DISABLED
}
