import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Fails if anything that a test has printed, or its report says, has the number of a card in it that is not
 * one of those which everybody may know. Tests make up their numbers, so one that is here has got into a log.
 */
class NoCardNumbers {

    /**
     * In one or in fours, as long as those of that beginning are, and not within something else. Some have up to
     * 19 digits, but so has every other number of 64 bits.
     */
    private static final Pattern NUMBER =
            Pattern.compile(
                    "(?<![0-9A-Za-z.+_-])(?:"
                            + "4(?:[0-9]{12}|[0-9]{15})"
                            + "|(?:5[1-5]|2[2-7])[0-9]{14}|3[47][0-9]{13}"
                            + "|3[0689][0-9]{12,14}|35[0-9]{14}|(?:50|5[6-8]|6[0-9])[0-9]{14}"
                            + "|[2-6][0-9]{3}([ -])[0-9]{4}\\1[0-9]{4}\\1[0-9]{4}"
                            + ")(?![0-9A-Za-z_-]|\\.[0-9])");

    /** Those by which the sandbox's processor behaves in a special way. */
    private static final Set<String> KNOWN =
            Set.of(
                    "4242424242424242",
                    "4000000000000002",
                    "4000000000009995",
                    "4000000000000119",
                    "4000000000000259",
                    "4000000000004202");

    public static void main(String... folders) throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (String folder : folders) {
            if (!Files.isDirectory(Path.of(folder))) {
                continue;
            }
            try (var walk = Files.walk(Path.of(folder))) {
                for (Path file : walk.filter(Files::isRegularFile).toList()) {
                    files++;
                    search(file, found);
                }
            }
        }
        if (files == 0) {
            found.add("there is nothing to search in " + String.join(", ", folders));
        }
        found.forEach(System.err::println);
        System.out.printf("%d files searched for card numbers, %d found%n", files, found.size());
        System.exit(found.isEmpty() ? 0 : 1);
    }

    private static void search(Path file, List<String> found) throws IOException {
        var numbers = NUMBER.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (numbers.find()) {
            String digits = numbers.group().replaceAll("[ -]", "");
            if (isChecked(digits) && !KNOWN.contains(digits)) {
                // The number itself would be in the next log.
                found.add(
                        "a card number ending %s in %s, at character %d"
                                .formatted(
                                        digits.substring(digits.length() - 4), file, numbers.start()));
            }
        }
    }

    /** Luhn's check. */
    private static boolean isChecked(String digits) {
        int sum = 0;
        for (int place = 0; place < digits.length(); place++) {
            int digit = digits.charAt(digits.length() - 1 - place) - '0';
            int counted = place % 2 == 0 ? digit : 2 * digit;
            sum += counted > 9 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }
}
