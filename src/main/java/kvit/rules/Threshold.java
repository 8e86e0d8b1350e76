package kvit.rules;

import kvit.money.Money;
import kvit.rules.Limit.Tally;
import org.jspecify.annotations.Nullable;

/**
 * How much a person may send on their word alone, in one currency, before they confirm again.
 *
 * @param rule the id of the rule that says so
 * @param total minor units of all since their last confirmation, with the one that is asked about;
 *     null is any amount
 * @param count how many they may be, with the one that is asked about; null is any number
 */
public record Threshold(String rule, Tally tally, @Nullable Long total, @Nullable Long count) {

    /** Whether there is more to it than the amount of one transfer, which the rules have seen. */
    static boolean isCounted(Rule rule) {
        return rule.condition().total() != null || rule.condition().count() != null;
    }

    static Threshold of(Rule rule, Party payer, Money amount) {
        return new Threshold(
                rule.id(),
                new Tally(payer.id(), amount.currency(), Operation.SEND),
                rule.condition().total(),
                rule.condition().count());
    }

    /**
     * Whether as much more still needs no confirmation.
     *
     * @param used minor units since the last one
     * @param moves movements since the last one
     */
    boolean leaves(long used, long moves, Money amount) {
        return (total == null || amount.minor() <= total - used)
                && (count == null || moves < count);
    }
}
