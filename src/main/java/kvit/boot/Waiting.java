package kvit.boot;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for what lies outside the JVM, where there is nothing to be notified by. */
final class Waiting {
    private static final long STEP_MILLIS = 20;

    private Waiting() {}

    /** Returns whether the condition came true in time; an interrupt counts as the end of time. */
    static boolean until(BooleanSupplier condition, Duration atMost) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > atMost.toNanos()) {
                return false;
            }
            try {
                Thread.sleep(STEP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
