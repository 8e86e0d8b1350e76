package kvit.sms;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Reads the header {@code Retry-After}, which is a number of seconds or a date (RFC 9110, section
 * 10.2.3).
 */
final class RetryAfter {

    /**
     * A one-time code is worthless after a few minutes, so no provider's mistake (or a date of next
     * year) may hold a message back for longer.
     */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private RetryAfter() {}

    /**
     * Empty if the header is missing or unreadable; otherwise between nothing and {@link #LONGEST}.
     */
    static Optional<Duration> in(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .flatMap(value -> seconds(value).or(() -> untilDate(value, headers)))
                .map(RetryAfter::bounded);
    }

    private static Optional<Duration> seconds(String value) {
        try {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Counted from the answer's own {@code Date}: both dates then come from one clock, and it does
     * not matter by how much ours differs.
     */
    private static Optional<Duration> untilDate(String value, HttpHeaders headers) {
        return headers.firstValue("Date")
                .flatMap(RetryAfter::date)
                .flatMap(sent -> date(value).map(until -> Duration.between(sent, until)));
    }

    private static Optional<Instant> date(String value) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
