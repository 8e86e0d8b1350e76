package kvit.paging;

import jakarta.ws.rs.QueryParam;
import java.util.regex.Pattern;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters that every list takes. Read as text, because JAX-RS answers 404 to a number
 * or a time that it cannot read, where the caller deserves to hear what is wrong.
 */
public class PageParameters {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}");

    @QueryParam("limit")
    @Parameter(description = "1 to 100, 20 by default")
    @Nullable String limit;

    @QueryParam("cursor")
    @Parameter(description = "nextCursor of the page before")
    @Nullable String cursor;

    /**
     * How many at once.
     *
     * @throws Problem VALIDATION_FAILED
     */
    public int limit() {
        if (limit == null) {
            return Page.LIMIT_DEFAULT;
        }
        var value = NUMBER.matcher(limit).matches() ? Integer.parseInt(limit) : 0;
        if (value < 1 || value > Page.LIMIT_MAX) {
            throw GeneralProblem.invalid("?limit", "must be 1 to " + Page.LIMIT_MAX);
        }
        return value;
    }

    /** As it came; what it says is for {@link Cursors} to tell. */
    public @Nullable String cursor() {
        return cursor;
    }
}
