package kvit.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Retry-After}: seconds, or a date (RFC 9110, section 10.2.3). */
final class RetryAfter {

    private RetryAfter() {}

    /**
     * How long; nothing where it says nothing that can be read.
     *
     * @param sent the answer's own date, from which one in the header is counted: both are then of
     *     one clock
     */
    static Duration of(@Nullable String value, @Nullable String sent) {
        if (value == null) {
            return Duration.ZERO;
        }
        if (value.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        return date(value)
                .flatMap(until -> date(sent).map(from -> Duration.between(from, until)))
                .filter(it -> !it.isNegative())
                .orElse(Duration.ZERO);
    }

    private static Optional<Instant> date(@Nullable String value) {
        try {
            return Optional.ofNullable(value)
                    .map(it -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(it, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
