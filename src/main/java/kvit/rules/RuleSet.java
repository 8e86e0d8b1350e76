package kvit.rules;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import kvit.problem.Problem;
import kvit.rules.Kind.Reading;
import org.jspecify.annotations.Nullable;

/**
 * All rules as they were known at one time. Immutable, and decides from memory: what costs a query
 * would be left out when it matters.
 *
 * <p>Rules carry their own dates, so that one takes effect at its second and not when somebody
 * loads it. DENY beats REQUIRE beats HOLD beats ALLOW, and where no rule speaks, it is refused.
 * DENY and a proof that is missing end the deciding; what REQUIRE and HOLD demand is collected over
 * all kinds, for a later kind may refuse.
 */
class RuleSet {

    /** For rules about no country in particular. */
    private static final String ANY = "*";

    /** Of two rules that are equally strong the newer one speaks, and always the same one. */
    private static final Comparator<Rule> NEWEST_FIRST =
            Comparator.comparing(Rule::validFrom).reversed().thenComparing(Rule::id);

    private final long version;
    private final List<Rule> all;
    private final Map<Kind, Map<String, List<Rule>>> rules = new EnumMap<>(Kind.class);

    RuleSet(long version, Collection<Rule> all) {
        this.version = version;
        this.all = List.copyOf(all);
        for (var rule : all.stream().sorted(NEWEST_FIRST).toList()) {
            var countries = rule.subject().countries();
            for (var country : countries.isEmpty() ? Set.of(ANY) : countries) {
                rules.computeIfAbsent(rule.kind(), kind -> new HashMap<>())
                        .computeIfAbsent(country, it -> new ArrayList<>())
                        .add(rule);
            }
        }
    }

    long version() {
        return version;
    }

    /** The same with another version of one rule, or with one more. */
    RuleSet with(Rule draft) {
        return new RuleSet(
                version,
                Stream.concat(
                                all.stream().filter(it -> !it.id().equals(draft.id())),
                                Stream.of(draft))
                        .toList());
    }

    /** The verdict on one side of what happens. */
    Verdict decide(Facts facts) {
        var matched = new ArrayList<String>();
        var demands = new EnumMap<Demand, Rule>(Demand.class);
        var limits = new ArrayList<Rule>();
        for (var kind : Kind.values()) {
            if (!kind.concerns(facts)) {
                continue;
            }
            var decisive = strongest(kind, facts, demands, limits);
            if (decisive != null) {
                matched.add(decisive.name());
            }
            var isRefused =
                    decisive == null
                            ? kind.reading() != Reading.PROHIBITION
                            : decisive.effectOn(facts) == Effect.DENY;
            if (isRefused) {
                return new Verdict(
                        version, matched, Map.of(), List.of(), refusal(kind, decisive, facts));
            }
            // One kind may demand a confirmation and a review: both have to be named.
            demands.values().stream()
                    .map(Rule::name)
                    .filter(it -> !matched.contains(it))
                    .forEach(matched::add);
        }
        return new Verdict(version, matched, demands, limits, null);
    }

    /** The strongest rule that applies; null where none does. What any of them demands is added. */
    private @Nullable Rule strongest(
            Kind kind, Facts facts, Map<Demand, Rule> demands, List<Rule> limits) {
        var byCountry = rules.getOrDefault(kind, Map.of());
        Rule strongest = null;
        for (var country : List.of(facts.party().country(), ANY)) {
            for (var rule : byCountry.getOrDefault(country, List.of())) {
                if (!rule.appliesTo(facts)) {
                    continue;
                }
                if (kind == Kind.LIMIT && !rule.isFulfilledBy(facts.party())) {
                    limits.add(rule);
                }
                var demand = Rule.demand(rule.effectOn(facts));
                if (demand != null) {
                    demands.putIfAbsent(demand, rule);
                }
                if (strongest == null || isStronger(rule, strongest, facts)) {
                    strongest = rule;
                }
            }
        }
        return strongest;
    }

    /** Of two refusals the one that no document would lift is told. */
    private static boolean isStronger(Rule rule, Rule other, Facts facts) {
        var byEffect = rule.effectOn(facts).compareTo(other.effectOn(facts));
        return byEffect > 0 || (byEffect == 0 && rule.effect().compareTo(other.effect()) > 0);
    }

    private static Problem refusal(Kind kind, @Nullable Rule rule, Facts facts) {
        if (rule == null) {
            return kind.problem().because(Wording.noRule(kind, facts.party().locale()));
        }
        return rule.naming(kind.problem().because(rule.text(facts.party().locale())));
    }
}
