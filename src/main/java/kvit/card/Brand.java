package kvit.card;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whose card it is, by the first digits of its number (ISO/IEC 7812-1) as the schemes publish their
 * ranges. The first that fits counts, so a range within another one stands before it.
 */
public enum Brand {
    @JsonProperty("visa")
    VISA(3, "13,16,19", "4"),
    @JsonProperty("mastercard")
    MASTERCARD(3, "16", "51-55,2221-2720"),
    @JsonProperty("amex")
    AMEX(4, "15", "34,37"),
    @JsonProperty("diners")
    DINERS(3, "14,15,16,17,18,19", "300-305,3095,36,38-39"),
    @JsonProperty("jcb")
    JCB(3, "16,17,18,19", "3528-3589"),
    @JsonProperty("discover")
    DISCOVER(3, "16,17,18,19", "6011,644-649,65"),
    @JsonProperty("unionpay")
    UNIONPAY(3, "16,17,18,19", "62,81"),
    @JsonProperty("mir")
    MIR(3, "16,17,18,19", "2200-2204"),
    @JsonProperty("maestro")
    MAESTRO(3, "13,14,15,16,17,18,19", "50,56-58,60-69");

    private final int cvcLength;
    private final String lengths;
    private final String prefixes;

    /** Lists with commas, because the values of an enum have to be immutable. */
    Brand(int cvcLength, String lengths, String prefixes) {
        this.cvcLength = cvcLength;
        this.lengths = lengths;
        this.prefixes = prefixes;
    }

    /** Of a number of digits alone; empty where no scheme has such numbers. */
    static Optional<Brand> of(String digits) {
        return Arrays.stream(values()).filter(it -> it.has(digits)).findFirst();
    }

    /** How many digits the code on the card has. */
    int cvcLength() {
        return cvcLength;
    }

    private boolean has(String digits) {
        return listed(lengths).anyMatch(it -> Integer.parseInt(it) == digits.length())
                && listed(prefixes).anyMatch(it -> isWithin(it, digits));
    }

    private static Stream<String> listed(String values) {
        return Arrays.stream(values.split(",", -1));
    }

    private static boolean isWithin(String range, String digits) {
        var bounds = range.split("-", 2);
        var first = Integer.parseInt(bounds[0]);
        var last = bounds.length == 1 ? first : Integer.parseInt(bounds[1]);
        var begins = Integer.parseInt(digits.substring(0, bounds[0].length()));
        return begins >= first && begins <= last;
    }
}
