package kvit.identity;

import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import kvit.problem.GeneralProblem;
import org.jspecify.annotations.Nullable;

/**
 * What the properties of a front end may be. The table refuses the rest as well, without a word to
 * the caller. Each of these throws VALIDATION_FAILED.
 */
final class ClientForm {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Pattern NAME = Pattern.compile(ChangeProfile.SHOWABLE + "{1,80}");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /** Those of kvit.rules, by name: this package does not know that one. */
    private static final Set<String> DATA_CLASSES =
            Set.of(
                    "PAYMENT_DOCUMENT",
                    "PERSONAL_DATA",
                    "TRANSFER_DATA",
                    "PAYMENT_DETAILS",
                    "ACCOUNT_DATA");

    private ClientForm() {}

    /** What no front end is called need not be looked for. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    static String id(String pointer, @Nullable String text) {
        return requireForm(pointer, text != null && isId(text), text, ID.pattern());
    }

    static String name(@Nullable String text) {
        var isName = text != null && !text.isBlank() && NAME.matcher(text).matches();
        return requireForm("/name", isName, text, "1 to 80 characters that show");
    }

    static String country(@Nullable String text) {
        return requireForm(
                "/ownerCountry",
                text != null && COUNTRIES.contains(text),
                text,
                "an ISO 3166-1 code");
    }

    static SortedSet<String> scopes(@Nullable Set<String> scopes) {
        return requireOf("/scopes", scopes, Scope.ALL);
    }

    static SortedSet<String> carries(@Nullable Set<String> classes) {
        return requireOf("/carries", classes, DATA_CLASSES);
    }

    private static String requireForm(
            String pointer, boolean isIt, @Nullable String text, String form) {
        if (text == null || !isIt) {
            throw GeneralProblem.invalid(pointer, "must be " + form);
        }
        return text;
    }

    /** Sorted, so that what is shown to an approver is always written the same way. */
    private static SortedSet<String> requireOf(
            String pointer, @Nullable Set<String> values, Set<String> known) {
        if (values == null || !values.stream().allMatch(it -> it != null && known.contains(it))) {
            throw GeneralProblem.invalid(
                    pointer, "must be of " + String.join(", ", new TreeSet<>(known)));
        }
        return Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }
}
