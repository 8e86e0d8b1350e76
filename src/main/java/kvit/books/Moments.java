package kvit.books;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import kvit.paging.ListParameters;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Times of query parameters: a moment, or a day of UTC, which is meant as a whole. */
final class Moments {

    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private Moments() {}

    /**
     * Where it begins.
     *
     * @throws Problem VALIDATION_FAILED
     */
    static @Nullable Instant begin(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return isDay(text) ? DayTotals.begin(day(name, text)) : ListParameters.time(name, text);
    }

    /**
     * What is before this is within it: a day ends with its last microsecond, a moment with itself.
     *
     * @throws Problem VALIDATION_FAILED
     */
    static @Nullable Instant end(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return isDay(text)
                ? DayTotals.begin(day(name, text).plusDays(1))
                : ListParameters.time(name, text)
                        .truncatedTo(ChronoUnit.MICROS)
                        .plus(1, ChronoUnit.MICROS);
    }

    private static boolean isDay(String text) {
        return DAY.matcher(text).matches();
    }

    /**
     * A day of our era.
     *
     * @throws Problem VALIDATION_FAILED
     */
    static LocalDate day(String name, String text) {
        try {
            var day = LocalDate.parse(text);
            if (day.getYear() >= 1900 && day.getYear() < 9999) {
                return day;
            }
        } catch (DateTimeParseException e) {
            throw GeneralProblem.invalid(name, "must be a day like 2026-11-21");
        }
        throw GeneralProblem.invalid(name, "must be a day of our era");
    }
}
