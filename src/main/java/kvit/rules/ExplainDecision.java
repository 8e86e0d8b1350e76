package kvit.rules;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.money.Money;
import kvit.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Says what the rules say and why: of anybody, at any moment, by the rules as they were known at
 * any moment.
 */
@ApplicationScoped
class ExplainDecision {

    enum Answer {
        @JsonProperty("allowed")
        ALLOWED,
        @JsonProperty("refused")
        REFUSED
    }

    /**
     * What they say.
     *
     * @param ruleSet the version of the rules that were asked
     * @param at the moment they were asked about
     * @param code of the problem; null when allowed
     * @param text what a person is told; null when allowed
     * @param demands what has to happen before the money moves; of a past transfer, also by what
     *     was counted then
     * @param matched the decisive rules, the payer's before the payee's
     * @param limits what is counted in the money's own transaction, and may still refuse there
     * @param thresholds beyond which it has to be confirmed, counted there, too; empty where it has
     *     to be anyway
     * @param recorded of a past transfer: the code that it was refused with; null when it was not
     */
    record Explanation(
            long ruleSet,
            Instant at,
            Answer verdict,
            @Nullable String code,
            @Nullable String text,
            Set<Demand> demands,
            List<RuleView> matched,
            List<LimitView> limits,
            List<ThresholdView> thresholds,
            @Nullable UUID transferId,
            @Nullable String recorded) {}

    /**
     * A limit that would count it.
     *
     * @param max minor units, as they counted for this person then; and so did the count
     * @param override what the bounds came from; absent where they were the rule's own
     */
    @Schema(name = "LimitThen")
    record LimitView(
            String rule,
            Operation operation,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Duration window,
            @Nullable Long max,
            @Nullable Long count,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable LimitOverride override) {}

    /**
     * A threshold that would count it.
     *
     * @param total minor units since the last confirmation, with this one
     * @param count transfers since the last confirmation, with this one
     */
    record ThresholdView(String rule, @Nullable Long total, @Nullable Long count) {}

    private final Rules rules;
    private final RuleStore store;
    private final LimitOverrideStore overrides;
    private final RulesConfig config;

    ExplainDecision(
            Rules rules, RuleStore store, LimitOverrideStore overrides, RulesConfig config) {
        this.config = config;
        this.overrides = overrides;
        this.rules = rules;
        this.store = store;
    }

    /**
     * Of parties whose ids are known, with the overrides of limits that they had by then.
     *
     * @param knownAt overrides that were approved later are not known
     */
    Explanation explain(
            long ruleSet,
            Party payer,
            Party payee,
            @Nullable Channel channel,
            Money amount,
            Instant at,
            Instant knownAt) {
        return explain(
                rules.onTransferBy(ruleSet, config.actor(), payer, payee, channel, amount, at),
                at,
                knownAt,
                Set.of(),
                null,
                null);
    }

    /** The past decides as it did: by what was looked at then, and by the rules as known then. */
    Explanation explain(PastDecisions.Past past) {
        return explain(
                rules.onTransferBy(
                        past.ruleSet(),
                        past.actor(),
                        past.payer(),
                        past.payee(),
                        past.channel(),
                        past.instrument(),
                        past.amount(),
                        past.at()),
                past.at(),
                past.at(),
                past.demanded(),
                past.transfer(),
                past.refusal());
    }

    private Explanation explain(
            Rules.Ruling ruling,
            Instant at,
            Instant knownAt,
            Set<Demand> demanded,
            @Nullable UUID transfer,
            @Nullable String recorded) {
        Problem refusal = ruling.refusal();
        var demands = EnumSet.noneOf(Demand.class);
        demands.addAll(ruling.demands());
        demands.addAll(demanded);
        return new Explanation(
                ruling.ruleSet(),
                at,
                refusal == null ? Answer.ALLOWED : Answer.REFUSED,
                refusal == null ? null : refusal.type().code(),
                refusal == null ? null : refusal.getMessage(),
                demands,
                store.named(ruling.matched()),
                ruling.limits().stream().map(it -> view(it, at, knownAt)).toList(),
                ruling.thresholds().stream()
                        .map(it -> new ThresholdView(it.rule(), it.total(), it.count()))
                        .toList(),
                transfer,
                recorded);
    }

    private LimitView view(Limit ruled, Instant at, Instant knownAt) {
        var override = overrides.inForce(ruled, at, knownAt).orElse(null);
        var limit = override == null ? ruled : override.bound().applied(ruled, at);
        return new LimitView(
                limit.rule(),
                limit.tally().operation(),
                limit.window(),
                limit.max(),
                limit.count(),
                override);
    }
}
