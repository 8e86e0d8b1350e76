package kvit.card;

import java.io.Serial;

/** A call came back without an answer that says what became of it. Never leaves its adapter. */
final class Unanswered extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final Reason reason;

    Unanswered(Reason reason) {
        // What lies behind it may quote the answer or the request: neither cause nor stack.
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    Result result() {
        return reason == Reason.NOT_CONNECTED
                ? new Result.NotSent(reason)
                : new Result.Unknown(reason);
    }

    Registration registration() {
        return reason == Reason.NOT_CONNECTED
                ? new Registration.NotSent(reason)
                : new Registration.Unknown(reason);
    }
}
