package kvit.rules;

import com.fasterxml.jackson.annotation.JsonFormat;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** How somebody stands against the limits of their country, for operators. */
@ApplicationScoped
public class LimitFiles {

    /**
     * One limit, as it counts for them now.
     *
     * @param max null where it bounds no amount; and so is what is left
     * @param count null where it bounds no number; and so is what is left
     * @param override what the bounds come from; null where they are the rule's own
     */
    public record LimitLine(
            String rule,
            Operation operation,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Duration window,
            @Nullable Money max,
            Money used,
            @Nullable Money left,
            @Nullable Long count,
            long moves,
            @Nullable Long movesLeft,
            @Nullable LimitOverride override) {}

    private final RuleSets ruleSets;
    private final RulesConfig config;
    private final Limits limits;
    private final LimitOverrideStore overrides;
    private final Clock clock;

    LimitFiles(
            RuleSets ruleSets,
            RulesConfig config,
            Limits limits,
            LimitOverrideStore overrides,
            Clock clock) {
        this.ruleSets = ruleSets;
        this.config = config;
        this.limits = limits;
        this.overrides = overrides;
        this.clock = clock;
    }

    /**
     * Those that everything of theirs in these currencies is held against, through whatever front
     * end and to whomever: what depends on these is asked for by {@code POST
     * /v1/admin/rules/evaluation}.
     */
    public List<LimitLine> of(Party party, Collection<Currency> currencies) {
        var now = clock.instant();
        var asked = new LinkedHashSet<Limit>();
        for (var currency : currencies) {
            for (var operation : Operation.values()) {
                asked.addAll(limits(party, currency, operation, now));
            }
        }
        return limits.standings(asked, now).stream().map(it -> line(it, now)).toList();
    }

    private List<Limit> limits(Party party, Currency currency, Operation operation, Instant now) {
        var amount = new Money(1, currency);
        var hasOtherSide = operation == Operation.SEND || operation == Operation.RECEIVE;
        var facts =
                new Facts(
                        operation,
                        party,
                        hasOtherSide ? party.country() : null,
                        null,
                        config.actor(),
                        amount,
                        now,
                        null);
        var found = new ArrayList<Limit>();
        ruleSets.inEffect()
                .decide(facts, Set.of(Kind.LIMIT))
                .limits()
                .forEach(it -> found.add(Limit.of(it, operation, party, amount)));
        return found;
    }

    private LimitLine line(Limits.Standing standing, Instant now) {
        var limit = standing.limit();
        var currency = limit.tally().currency();
        var max = limit.max();
        var count = limit.count();
        return new LimitLine(
                limit.rule(),
                limit.tally().operation(),
                limit.window(),
                max == null ? null : new Money(max, currency),
                new Money(standing.used(), currency),
                max == null ? null : new Money(Math.max(0, max - standing.used()), currency),
                count,
                standing.moves(),
                count == null ? null : Math.max(0, count - standing.moves()),
                overrides.inForce(limit, now, now).orElse(null));
    }

    /** All overrides that somebody ever had, the newest first. */
    public List<LimitOverride> overrides(UUID customer, @Nullable UUID before, int atMost) {
        return overrides.list(customer, before, atMost);
    }
}
