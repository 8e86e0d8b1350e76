package kvit.paging;

import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** The query parameters of a list of things that happened: which part of it, and of which time. */
public class ListParameters extends PageParameters {

    @QueryParam("from")
    @Parameter(description = "Not before this time", schema = @Schema(format = "date-time"))
    @Nullable String from;

    @QueryParam("to")
    @Parameter(description = "Before this time", schema = @Schema(format = "date-time"))
    @Nullable String to;

    /**
     * Not before this.
     *
     * @throws Problem VALIDATION_FAILED
     */
    public @Nullable Instant from() {
        return from == null ? null : time("?from", from);
    }

    /**
     * Before this.
     *
     * @throws Problem VALIDATION_FAILED
     */
    public @Nullable Instant to() {
        return to == null ? null : time("?to", to);
    }

    /**
     * A moment that PostgreSQL can count to.
     *
     * @throws Problem VALIDATION_FAILED
     */
    public static Instant time(String name, String text) {
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
