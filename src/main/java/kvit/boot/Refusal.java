package kvit.boot;

import java.util.List;

/**
 * Kvit cannot start, for a reason that whoever starts it can mend. The message is all that they
 * need, so it carries no stack trace.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message, null, false, false);
    }

    /** One message for all that is wrong, so that nobody mends one fault per attempt. */
    static String ofLiveMode(List<String> faults) {
        return "Kvit does not start in live mode:\n  - " + String.join("\n  - ", faults);
    }
}
