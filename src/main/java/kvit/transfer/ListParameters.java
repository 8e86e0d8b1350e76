package kvit.transfer;

import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters that every list takes. Read as text, because JAX-RS answers 404 to a number
 * or a time that it cannot read, where the caller deserves to hear what is wrong.
 */
class ListParameters {

    @QueryParam("from")
    @Parameter(description = "Not before this time", schema = @Schema(format = "date-time"))
    @Nullable String from;

    @QueryParam("to")
    @Parameter(description = "Before this time", schema = @Schema(format = "date-time"))
    @Nullable String to;

    @QueryParam("limit")
    @Parameter(description = "1 to 100, 20 by default")
    @Nullable String limit;

    @QueryParam("cursor")
    @Parameter(description = "nextCursor of the page before")
    @Nullable String cursor;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}");

    /**
     * @throws Problem VALIDATION_FAILED
     */
    int limit() {
        if (limit == null) {
            return Page.LIMIT_DEFAULT;
        }
        var value = NUMBER.matcher(limit).matches() ? Integer.parseInt(limit) : 0;
        if (value < 1 || value > Page.LIMIT_MAX) {
            throw GeneralProblem.invalid("?limit", "must be 1 to " + Page.LIMIT_MAX);
        }
        return value;
    }

    /**
     * @throws Problem VALIDATION_FAILED
     */
    @Nullable Instant from() {
        return time("?from", from);
    }

    /**
     * @throws Problem VALIDATION_FAILED
     */
    @Nullable Instant to() {
        return time("?to", to);
    }

    private static @Nullable Instant time(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var time = Instant.parse(text);
            if (time.isAfter(TIME_MIN) && time.isBefore(TIME_MAX)) {
                return time;
            }
        } catch (DateTimeParseException e) {
            throw GeneralProblem.invalid(name, "must be a time like 2026-11-21T12:00:00Z");
        }
        throw GeneralProblem.invalid(name, "must be a time of our era");
    }

    /** PostgreSQL counts neither as far back nor as far on as Java. */
    private static final Instant TIME_MIN = Instant.parse("1900-01-01T00:00:00Z");

    private static final Instant TIME_MAX = Instant.parse("9999-01-01T00:00:00Z");
}
