package kvit.rules;

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
 */
public record Limit(
        String rule,
        Tally tally,
        Duration window,
        @Nullable Long max,
        @Nullable Long count,
        Map<String, String> texts,
        String locale) {

    /** What is counted together: one person's movements of one kind in one currency. */
    public record Tally(UUID customer, Currency currency, Operation operation) {}

    static Limit of(Rule rule, Operation operation, Party party, Money amount) {
        var condition = rule.condition();
        return new Limit(
                rule.id(),
                new Tally(party.id(), amount.currency(), operation),
                Objects.requireNonNull(condition.window(), "a limit has a window"),
                condition.max(),
                condition.count(),
                rule.texts(),
                party.locale());
    }
}
