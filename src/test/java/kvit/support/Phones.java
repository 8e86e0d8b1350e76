package kvit.support;

import java.util.concurrent.atomic.AtomicInteger;

/** Phone numbers that no other test has. */
public final class Phones {

    private static final AtomicInteger NEXT = new AtomicInteger();

    private Phones() {}

    /** A number of Washington, D.C., that could be dialled; not twice in one run. */
    public static String next() {
        var number = NEXT.getAndIncrement();
        return "+1202%d%04d".formatted(556 + number / 10_000, number % 10_000);
    }
}
