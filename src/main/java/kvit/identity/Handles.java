package kvit.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a handle is compared: without its sign, and in lower case. */
final class Handles {

    /** What a handle may be, with or without its sign. */
    static final String FORM = "@?[A-Za-z][A-Za-z0-9_]{2,19}";

    private static final Pattern PATTERN = Pattern.compile(FORM);

    private Handles() {}

    /** Empty for what can be nobody's handle. */
    static Optional<String> plain(String handle) {
        return PATTERN.matcher(handle).matches()
                ? Optional.of(handle.replaceFirst("@", "").toLowerCase(Locale.ROOT))
                : Optional.empty();
    }
}
