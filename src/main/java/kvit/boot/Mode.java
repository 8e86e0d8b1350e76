package kvit.boot;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Sandbox provides for itself whatever is not configured; live insists that everything is. */
enum Mode {
    SANDBOX,
    LIVE;

    static final String PROPERTY = "kvit.mode";

    static Mode of(String text) {
        return Arrays.stream(values())
                .filter(mode -> mode.toString().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new Refusal(
                                        PROPERTY
                                                + " is '"
                                                + text
                                                + "', but the modes are: "
                                                + Arrays.stream(values())
                                                        .map(Mode::toString)
                                                        .collect(Collectors.joining(", "))));
    }

    /** As it is written in the configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
