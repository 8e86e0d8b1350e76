package kvit.webhook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came back from an endpoint. Nothing of its content: that is for nobody, and kept it would
 * show operators what a machine answers that they cannot reach themselves.
 *
 * @param status HTTP's; null where there was no answer
 * @param error why it is a failure; null where it is none
 * @param asked how long the receiver wants to be left alone
 */
record Answer(@Nullable Integer status, @Nullable String error, Duration asked, Duration took) {

    private static final int GONE = 410;

    static Answer of(int status, Duration asked, Duration took) {
        var isDelivered = status >= 200 && status < 300;
        return new Answer(status, isDelivered ? null : "answered " + status, asked, took);
    }

    static Answer none(String error, Duration took) {
        return new Answer(null, error, Duration.ZERO, took);
    }

    boolean isDelivered() {
        return error == null;
    }

    /** It never wants to hear anything again. */
    boolean isGone() {
        return status != null && status == GONE;
    }

    /** It, or what stands before it, cannot cope. */
    boolean slowsDown() {
        return !isDelivered()
                && status != null
                && (status == 429
                        || status == 502
                        || status == 503
                        || status == 504
                        || !asked.isZero());
    }
}
