package kvit.rules;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import kvit.money.Currency;
import org.jspecify.annotations.Nullable;

/**
 * Another bound than a limit's own, for one person and for a time.
 *
 * @param rule the id of the limit, whichever version of it
 * @param max minor units within the limit's window; null is what the rule says
 * @param count movements within it; null is what the rule says
 * @param window the limit's when it was approved: of another one it says nothing. Null of those
 *     from before that was kept, which hold for any
 * @param since when it was approved
 * @param until when the rule's own bound counts again
 * @param proposedBy e-mail, and so is the other one
 */
public record LimitOverride(
        UUID id,
        UUID customer,
        String rule,
        Operation operation,
        Currency currency,
        @Nullable Long max,
        @Nullable Long count,
        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Duration window,
        Instant since,
        Instant until,
        String reason,
        String proposedBy,
        String approvedBy) {

    Limit.Tally tally() {
        return new Limit.Tally(customer, currency, operation);
    }

    /** What of it the counter has with it: no more than is needed to decide. */
    Bound bound() {
        return new Bound(rule, max, count, window, until);
    }

    /** As it stands in the row of the counter that it is about. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Bound(
            String rule,
            @Nullable Long max,
            @Nullable Long count,
            @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Duration window,
            Instant until) {

        /** The limit with this bound in place of its own, while it is in force. */
        Limit applied(Limit limit, Instant now) {
            return isOf(limit) && now.isBefore(until) ? limit.bounded(max, count) : limit;
        }

        /** So much a month is not so much a day: the limit may have become another one since. */
        boolean isOf(Limit limit) {
            return limit.rule().equals(rule) && (window == null || window.equals(limit.window()));
        }
    }
}
