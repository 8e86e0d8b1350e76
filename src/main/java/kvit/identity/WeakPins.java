package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PINs that somebody would try first, given the five tries there are: what many people choose, and
 * what is known of this one. NIST SP 800-63B (section 5.1.1.2) asks for such a list; ours are
 * rules, some seven in a thousand of all, and a few that no rule covers.
 */
@ApplicationScoped
class WeakPins {

    /** Six digits, as text: 012345 is one. */
    static final String FORM = "[0-9]{6}";

    private static final int LENGTH = 6;

    /**
     * One to three digits over and over (111111, 121212, 123123), two halves or three pairs of one
     * digit each (111222, 112233).
     */
    private static final Pattern REPEATS =
            Pattern.compile(
                    "(\\d)\\1{5}|(\\d\\d)\\2\\2|(\\d{3})\\3"
                            + "|(\\d)\\4\\4(\\d)\\5\\5|(\\d)\\6(\\d)\\7(\\d)\\8");

    /** Two of these in any order are a figure that fingers remember: 147258, 159357, 789456. */
    private static final Set<String> LINES_OF_THE_KEYPAD =
            Stream.of("123", "456", "789", "147", "258", "369", "159", "357")
                    .flatMap(it -> Stream.of(it, reversed(it)))
                    .collect(Collectors.toSet());

    /** A month of a year in which somebody alive was born or married: 198407, 071984. */
    private static final Pattern MONTHS =
            Pattern.compile(
                    "(19[3-9]\\d|20[0-3]\\d)(0[1-9]|1[0-2])"
                            + "|(0[1-9]|1[0-2])(19[3-9]\\d|20[0-3]\\d)");

    /** A year, and its end once more: 199090, 901990. */
    private static final Pattern YEARS = Pattern.compile("(19|20)(\\d\\d)\\2|(\\d\\d)(19|20)\\3");

    /**
     * What the rules leave of those that are known to be frequent. Put together by hand, and not a
     * copy of any one list: add to it what turns up.
     */
    private static final Set<String> POPULAR =
            Set.of(
                    // Round, and counted in tens.
                    "100200",
                    "112358",
                    "123000",
                    "203040",
                    "010203",
                    "020304",
                    "030201",
                    "302010",
                    "506070",
                    "908070",
                    // 007 and his like, emergencies, jokes.
                    "420690",
                    "690420",
                    "133700",
                    "313370",
                    "001337",
                    "133713",
                    // Pi, e, the golden ratio, roots, powers, the speed of light.
                    "314159",
                    "141592",
                    "271828",
                    "161803",
                    "141421",
                    "173205",
                    "299792",
                    "602214",
                    "662607",
                    "235711",
                    "248163",
                    "124816",
                    "163264",
                    "128256",
                    "256512",
                    "102400",
                    "655360",
                    "065536",
                    "131072",
                    "262144",
                    // Read aloud in Chinese: I love you, for ever, all goes well, get rich.
                    "520131",
                    "131452",
                    "131420",
                    "521131",
                    "584520",
                    "888168",
                    "168888",
                    "147896",
                    "201314",
                    "211314",
                    // Walks around the keypad, and corners.
                    "142536",
                    "415263",
                    "125478",
                    "145236",
                    "159263",
                    "123698",
                    "321478",
                    "741236",
                    "963214",
                    "896321",
                    "124578",
                    "235689",
                    "134679",
                    "139713",
                    "137913",
                    "193728",
                    "179317",
                    "102938",
                    "192837",
                    "918273",
                    "564738",
                    // A run and what came to mind next.
                    "123450",
                    "123457",
                    "123455",
                    "123465",
                    "123476",
                    "123567",
                    "123578",
                    "123890",
                    "123412",
                    "123434",
                    "121234",
                    "112345",
                    "122333",
                    "123344",
                    "111234",
                    "234561",
                    "345612",
                    "102345",
                    "012340",
                    "543216",
                    "654312",
                    "135246",
                    "246135",
                    "246810",
                    "101112",
                    "111213",
                    "121314",
                    "131415",
                    "141516",
                    "151617",
                    "171819",
                    "181920",
                    "192021",
                    "202122",
                    "212223",
                    "654322",
                    "987655",
                    "246801",
                    "135780",
                    "544332");

    boolean isWeak(String pin, Pin owner) {
        return isPopular(pin) || isOf(owner.phone(), pin) || isOf(owner.birthDate(), pin);
    }

    /** Whoever's it is. */
    static boolean isPopular(String pin) {
        return REPEATS.matcher(pin).matches()
                || MONTHS.matcher(pin).matches()
                || YEARS.matcher(pin).matches()
                || pin.equals(reversed(pin))
                || isNearlyOneDigit(pin)
                || isRun(pin)
                || isFigure(pin)
                || POPULAR.contains(pin);
    }

    /** Of five digits alike only the sixth and its place are to be guessed. */
    private static boolean isNearlyOneDigit(String pin) {
        return pin.chars().anyMatch(one -> pin.chars().filter(it -> it == one).count() >= 5);
    }

    /** In equal steps up or down, also past the nine: 123456, 987654, 890123, 246802. */
    private static boolean isRun(String pin) {
        return IntStream.range(1, LENGTH)
                        .map(i -> (pin.charAt(i) - pin.charAt(i - 1) + 10) % 10)
                        .distinct()
                        .count()
                == 1;
    }

    private static boolean isFigure(String pin) {
        return LINES_OF_THE_KEYPAD.contains(pin.substring(0, LENGTH / 2))
                && LINES_OF_THE_KEYPAD.contains(pin.substring(LENGTH / 2));
    }

    /** Six digits in a row, forwards or backwards; the last two or three repeated are repeats. */
    private static boolean isOf(String phone, String pin) {
        var digits = phone.substring(1);
        return digits.contains(pin) || digits.contains(reversed(pin));
    }

    private static boolean isOf(@Nullable LocalDate birthDate, String pin) {
        return birthDate != null && orders(birthDate).contains(pin);
    }

    /** In any order, the year in two or in four digits, with zeros or without. */
    private static Set<String> orders(LocalDate date) {
        var days = forms(date.getDayOfMonth());
        var months = forms(date.getMonthValue());
        var year = Integer.toString(date.getYear());
        var years = List.of(year, year.substring(2));
        var written = new HashSet<String>();
        for (var y : years) {
            for (var m : months) {
                written.addAll(List.of(y + m, m + y));
                for (var d : days) {
                    written.addAll(
                            List.of(
                                    d + m + y, m + d + y, y + m + d, y + d + m, d + y, y + d,
                                    d + y + m, m + y + d));
                }
            }
        }
        written.removeIf(it -> it.length() != LENGTH);
        var backwards = written.stream().map(WeakPins::reversed).toList();
        written.addAll(backwards);
        return written;
    }

    private static List<String> forms(int number) {
        return number < 10
                ? List.of("0" + number, Integer.toString(number))
                : List.of(Integer.toString(number));
    }

    private static String reversed(String digits) {
        return new StringBuilder(digits).reverse().toString();
    }
}
