package kvit.card;

import java.util.Random;

/** Numbers of cards that nobody has, with the right check digit. */
public final class TestCards {

    private static final Random RANDOM = new Random();

    private TestCards() {}

    /** A Visa card of 16 digits. */
    public static synchronized String next() {
        var digits = new StringBuilder("4");
        for (var i = 0; i < 14; i++) {
            digits.append(RANDOM.nextInt(10));
        }
        for (var check = '0'; ; check++) {
            var number = digits.toString() + check;
            if (CardNumber.parse(number).isPresent()) {
                return number;
            }
        }
    }

    /** Another one with the same last four digits. */
    static String endingLike(String number) {
        while (true) {
            var other = next().substring(0, 12) + number.substring(12);
            if (!other.equals(number) && CardNumber.parse(other).isPresent()) {
                return other;
            }
        }
    }

    /** In four groups, as it stands on the card. */
    static String grouped(String digits, String separator) {
        return String.join(separator, digits.split("(?<=\\G.{4})"));
    }
}
