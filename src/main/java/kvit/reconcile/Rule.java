package kvit.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import kvit.money.Currency;

/**
 * By what two things are known to be the same. Rules are tried in their order; what one has settled
 * the next does not see.
 *
 * @param name what it is called, in matches and for people
 * @param toleranceMinor how far amounts may differ and still be a match, in minor units
 * @param toleranceBp the same in hundredths of a percent of what we expect; both have to hold
 * @param windowDays how many days may lie between the two
 * @param toleranceMinorOf the minor units of certain currencies instead: ten yen are not ten cents
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Rule(
        String name,
        By by,
        long toleranceMinor,
        int toleranceBp,
        int windowDays,
        Map<Currency, Long> toleranceMinorOf) {

    /** What is compared, and how many of one stand against how many of the other. */
    enum By {
        /** A processor's line and ours, by our id and the type; 1:1. */
        REFERENCE,
        /** The same by the processor's own name for it; 1:1. */
        EXTERNAL,
        /** A fee that stands alone; nothing is expected of it. */
        FEE,
        /** What a processor gives back of a line of its own, by its name and the amount; 1:1. */
        CORRECTION,
        /** Payouts of a processor and entries of the bank, by batch and sum; 1:1, N:1 and 1:N. */
        BANK_BATCH,
        /** A payout of a processor and an entry of the bank, by the amount alone; 1:1. */
        BANK_AMOUNT
    }

    private static final BigInteger BP = BigInteger.valueOf(10_000);

    Rule {
        // Those of earlier versions do not have it.
        toleranceMinorOf = toleranceMinorOf == null ? Map.of() : Map.copyOf(toleranceMinorOf);
        if (toleranceMinor < 0
                || toleranceBp < 0
                || windowDays < 0
                || toleranceMinorOf.values().stream().anyMatch(it -> it < 0)) {
            throw new IllegalArgumentException("no tolerance is below nothing: " + name);
        }
    }

    /** One that is the same in every currency. */
    Rule(String name, By by, long toleranceMinor, int toleranceBp, int windowDays) {
        this(name, by, toleranceMinor, toleranceBp, windowDays, Map.of());
    }

    /** As it is for amounts of one currency. */
    Rule of(Currency currency) {
        return new Rule(
                name,
                by,
                toleranceMinorOf.getOrDefault(currency, toleranceMinor),
                toleranceBp,
                windowDays);
    }

    /** Exact integers: a float may call the same difference too large today and not tomorrow. */
    boolean tolerates(long expected, long actual) {
        var difference = BigInteger.valueOf(actual).subtract(BigInteger.valueOf(expected)).abs();
        return difference.compareTo(BigInteger.valueOf(toleranceMinor)) <= 0
                && difference
                                .multiply(BP)
                                .compareTo(
                                        BigInteger.valueOf(expected)
                                                .abs()
                                                .multiply(BigInteger.valueOf(toleranceBp)))
                        <= 0;
    }

    boolean isInTime(LocalDate one, LocalDate other) {
        return Math.abs(ChronoUnit.DAYS.between(one, other)) <= windowDays;
    }
}
