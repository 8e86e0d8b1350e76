package kvit.card;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The number of a card: 13 to 19 digits of a scheme that we know, with a check digit that is right.
 * Printed it shows its last four digits only, so that no log line and no message of an exception
 * can give it away.
 */
final class CardNumber {

    private static final Pattern DIGITS = Pattern.compile("[0-9]{13,19}");
    private static final int SHOWN = 4;

    private final String digits;
    private final Brand brand;

    private CardNumber(String digits, Brand brand) {
        this.digits = digits;
        this.brand = brand;
    }

    /** Empty where it is no card's number. */
    static Optional<CardNumber> parse(String digits) {
        return DIGITS.matcher(digits).matches() && isChecked(digits)
                ? Brand.of(digits).map(it -> new CardNumber(digits, it))
                : Optional.empty();
    }

    /** For what may know it: the vault and the processor. */
    String digits() {
        return digits;
    }

    Brand brand() {
        return brand;
    }

    String last4() {
        return digits.substring(digits.length() - SHOWN);
    }

    /** Luhn's check, ISO/IEC 7812-1, annex B: from the right, every second digit counts double. */
    private static boolean isChecked(String digits) {
        var sum = 0;
        for (var place = 0; place < digits.length(); place++) {
            var digit = digits.charAt(digits.length() - 1 - place) - '0';
            var counted = place % 2 == 0 ? digit : 2 * digit;
            sum += counted > 9 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CardNumber number && number.digits.equals(digits);
    }

    @Override
    public int hashCode() {
        return digits.hashCode();
    }

    @Override
    public String toString() {
        return "•••• " + last4();
    }
}
