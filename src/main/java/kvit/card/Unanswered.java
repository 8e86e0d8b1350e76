package kvit.card;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A call came back without an answer that says what became of it. Never leaves its adapter. */
final class Unanswered extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final Reason reason;
    private final @Nullable String outAs;

    Unanswered(Reason reason) {
        this(reason, null);
    }

    /**
     * @param outAs of a push that has taken its money from us for certain, the name of what took it
     */
    Unanswered(Reason reason, @Nullable String outAs) {
        // What lies behind it may quote the answer or the request: neither cause nor stack.
        super(reason.name(), null, false, false);
        this.reason = reason;
        this.outAs = outAs;
    }

    Reason reason() {
        return reason;
    }

    Result result() {
        return reason == Reason.NOT_CONNECTED && outAs == null
                ? new Result.NotSent(reason)
                : new Result.Unknown(reason, outAs);
    }

    Registration registration() {
        return reason == Reason.NOT_CONNECTED
                ? new Registration.NotSent(reason)
                : new Registration.Unknown(reason);
    }
}
