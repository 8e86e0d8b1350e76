package kvit.rules;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * How much a person may move within a rolling time.
 *
 * @param rule the id of the rule that says so
 * @param max minor units within the window; null is any amount
 * @param count transfers within the window; null is any number
 * @param required what would lift the limit, such as {@code verification}; null is nothing
 */
public record Limit(
        String rule,
        Tally tally,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration window,
        @Nullable Long max,
        @Nullable Long count,
        @Nullable String required,
        Map<String, String> texts,
        String locale) {

    /** What is counted together: one person's movements of one kind in one currency. */
    public record Tally(UUID customer, Currency currency, Operation operation) {}

    /**
     * The same with other bounds; null keeps what the rule says, and so does what it says nothing
     * about: it has no text for that.
     */
    Limit bounded(@Nullable Long otherMax, @Nullable Long otherCount) {
        return new Limit(
                rule,
                tally,
                window,
                otherMax == null || max == null ? max : otherMax,
                otherCount == null || count == null ? count : otherCount,
                required,
                texts,
                locale);
    }

    static Limit of(Rule rule, Operation operation, Party party, Money amount) {
        var condition = rule.condition();
        var requires = condition.requires();
        return new Limit(
                rule.id(),
                new Tally(party.id(), amount.currency(), operation),
                Objects.requireNonNull(condition.window(), "a limit has a window"),
                condition.max(),
                condition.count(),
                requires == null ? null : requires.code(),
                rule.texts(),
                party.locale());
    }
}
