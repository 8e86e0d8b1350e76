package kvit.card;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumSet;
import java.util.Set;

/** What can go wrong with a call to the simulator, once, by order of whoever tries Kvit. */
public enum SimulatedFault {
    /** No answer, and nothing was done. */
    @JsonProperty("timeout_before")
    TIMEOUT_BEFORE(Reason.TIME_OUT, false),
    /** No answer, and it was done. */
    @JsonProperty("timeout_after")
    TIMEOUT_AFTER(Reason.TIME_OUT, true),
    /** A 500, and nothing was done. */
    @JsonProperty("error_before")
    ERROR_BEFORE(Reason.SERVER_ERROR, false),
    /** A 500, and it was done. */
    @JsonProperty("error_after")
    ERROR_AFTER(Reason.SERVER_ERROR, true),
    /** Said to be under way already, and it was done. */
    @JsonProperty("duplicate")
    DUPLICATE(Reason.CONFLICT, true),
    /** No connection came about. */
    @JsonProperty("not_connected")
    NOT_CONNECTED(Reason.NOT_CONNECTED, false),
    /** The issuer declines whatever it is. */
    @JsonProperty("decline")
    DECLINE(Reason.SERVER_ERROR, true),
    /** Of a question what became of something: no answer. */
    @JsonProperty("find_timeout")
    FIND_TIMEOUT(Reason.TIME_OUT, false),
    /** Of a question what became of something: a 500. */
    @JsonProperty("find_error")
    FIND_ERROR(Reason.SERVER_ERROR, false);

    /** Kept apart, so that whoever asks does not use up what is meant for whoever acts. */
    static final Set<SimulatedFault> OF_QUESTIONS = EnumSet.of(FIND_TIMEOUT, FIND_ERROR);

    static final Set<SimulatedFault> OF_ACTS =
            EnumSet.complementOf(EnumSet.of(FIND_TIMEOUT, FIND_ERROR));

    private final Reason reason;
    private final boolean takesEffect;

    SimulatedFault(Reason reason, boolean takesEffect) {
        this.reason = reason;
        this.takesEffect = takesEffect;
    }

    boolean takesEffect() {
        return takesEffect;
    }

    Unanswered unanswered() {
        return new Unanswered(reason);
    }
}
