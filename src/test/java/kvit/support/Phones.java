package kvit.support;

import java.util.concurrent.atomic.AtomicInteger;

/** Phone numbers that no other test has. */
public final class Phones {

    private static final AtomicInteger NEXT = new AtomicInteger();

    private Phones() {}

    /** A mobile number of one of some countries; not twice in one run. */
    public static String next(String country) {
        var number = NEXT.getAndIncrement();
        return switch (country) {
            case "FR" -> "+3361%07d".formatted(number);
            case "DE" -> "+49151%08d".formatted(10_000_000 + number);
            case "GB" -> "+447400%06d".formatted(number);
            case "RU" -> "+7916%07d".formatted(number);
            case "PT" -> "+35191%07d".formatted(number);
            case "SE" -> "+4670%07d".formatted(number);
            case "JP" -> "+8190%08d".formatted(10_000_000 + number);
            case "KW" -> "+96550%06d".formatted(number);
            default -> throw new IllegalArgumentException("no numbers of " + country);
        };
    }

    /** A number of Washington, D.C., that could be dialled; not twice in one run. */
    public static String next() {
        var number = NEXT.getAndIncrement();
        return "+1202%d%04d".formatted(556 + number / 10_000, number % 10_000);
    }
}
