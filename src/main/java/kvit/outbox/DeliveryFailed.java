package kvit.outbox;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event that did not reach its subscriber. The message is stored and logged: no secret belongs
 * in it.
 */
public final class DeliveryFailed extends Exception {

    @Serial private static final long serialVersionUID = 1;

    private final boolean worthRetrying;
    private final @Nullable Duration notBefore;

    private DeliveryFailed(String message, boolean worthRetrying, @Nullable Duration notBefore) {
        super(message);
        this.worthRetrying = worthRetrying;
        this.notBefore = notBefore;
    }

    /** Another attempt may succeed; not before the given time has passed, if one is given. */
    public static DeliveryFailed forNow(String message, Optional<Duration> notBefore) {
        return new DeliveryFailed(message, true, notBefore.orElse(null));
    }

    /** No attempt will ever succeed. */
    public static DeliveryFailed forGood(String message) {
        return new DeliveryFailed(message, false, null);
    }

    boolean worthRetrying() {
        return worthRetrying;
    }

    Optional<Duration> notBefore() {
        return Optional.ofNullable(notBefore);
    }
}
