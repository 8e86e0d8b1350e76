package kvit.sms;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message was not accepted, or nobody can tell whether it was.
 *
 * <p>Checked, because the caller always has a choice to make: try again, or tell the person. The
 * message may be logged and is written for an operator; it never holds a phone, a code or a
 * credential.
 */
public class SmsFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;
    private final @Nullable Duration retryAfter;

    private SmsFailed(String message, boolean retryable, @Nullable Duration retryAfter) {
        super(message);
        this.retryable = retryable;
        this.retryAfter = retryAfter;
    }

    /** Sending the same message again later may succeed. */
    public static SmsFailed forNow(String message) {
        return new SmsFailed(message, true, null);
    }

    /**
     * Sending the same message again may succeed, and the provider asks to be left alone for that
     * long.
     */
    public static SmsFailed forNow(String message, Duration retryAfter) {
        return new SmsFailed(message, true, retryAfter);
    }

    /**
     * Sending the same message again would fail again: the number, the account or a setting is
     * wrong.
     */
    public static SmsFailed forGood(String message) {
        return new SmsFailed(message, false, null);
    }

    /**
     * Whether trying again may help. After a time-out or a broken connection the first attempt may
     * have been accepted, so that a retry can reach the person as a second SMS.
     */
    public boolean retryable() {
        return retryable;
    }

    /** How long the provider asks to wait before the next attempt; empty where it did not say. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
