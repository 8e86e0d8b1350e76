package kvit.problem;

import java.io.Serial;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A refusal on its way to the caller, as an RFC 9457 problem. */
public final class Problem extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final transient ProblemType type;
    private final transient Map<String, Object> members = new LinkedHashMap<>();

    Problem(ProblemType type, String detail) {
        // A refusal is an answer, not an accident: nobody reads its stack, and filling one is slow.
        super(detail, null, false, false);
        this.type = type;
    }

    /** Adds a named member, such as {@code available}. */
    public Problem with(String member, Object value) {
        members.put(member, value);
        return this;
    }

    /** Adds {@code retryAfter} in whole seconds, at least one; the header says the same. */
    public Problem retryAfter(Duration wait) {
        return with(RETRY_AFTER, Math.max(1, wait.plusMillis(999).toSeconds()));
    }

    static final String RETRY_AFTER = "retryAfter";

    /** What a named member says; null where it is not there. */
    public @Nullable Object member(String name) {
        return members.get(name);
    }

    public ProblemType type() {
        return type;
    }

    Map<String, Object> members() {
        return members;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
