package kvit.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kvit.problem.Problem;
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

    private static final Set<Kind> EVERY_KIND = EnumSet.allOf(Kind.class);

    private final long version;
    private final List<Rule> all;

    /** What has to be asked for somebody of a country: its rules and those of all. */
    private final Map<Kind, Map<String, Shelf>> rules = new EnumMap<>(Kind.class);

    /** Rules of one kind, the newest first, and what of each the sieve looks at. */
    private static class Shelf {

        private final Rule[] rules;
        private final long[] bits;

        Shelf(Kind kind, List<Rule> rules) {
            this.rules = rules.toArray(new Rule[0]);
            this.bits = rules.stream().mapToLong(it -> bits(kind, it.subject())).toArray();
        }
    }

    /** A threshold speaks in other currencies as well. */
    private static long bits(Kind kind, Subject subject) {
        return kind == Kind.CONFIRMATION ? Sieve.ofAnyCurrency(subject) : Sieve.of(subject);
    }

    RuleSet(long version, Collection<Rule> all) {
        this.version = version;
        this.all = List.copyOf(all);
        for (var kind : Kind.values()) {
            var shelves = new HashMap<String, Shelf>();
            byCountry(all.stream().filter(it -> it.kind() == kind).sorted(NEWEST_FIRST).toList())
                    .forEach((country, own) -> shelves.put(country, new Shelf(kind, own)));
            rules.put(kind, shelves);
        }
    }

    private static Map<String, List<Rule>> byCountry(List<Rule> rules) {
        var byCountry = new HashMap<String, List<Rule>>();
        byCountry.put(ANY, new ArrayList<>());
        for (var rule : rules) {
            rule.subject().countries().forEach(it -> byCountry.put(it, new ArrayList<>()));
        }
        for (var rule : rules) {
            var countries = rule.subject().countries();
            for (var country : countries.isEmpty() ? byCountry.keySet() : countries) {
                Objects.requireNonNull(byCountry.get(country)).add(rule);
            }
        }
        return byCountry;
    }

    long version() {
        return version;
    }

    /** The rule of that id; empty where there is none. */
    Optional<Rule> named(String id) {
        return all.stream().filter(it -> it.id().equals(id)).findFirst();
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
        return decide(facts, EVERY_KIND);
    }

    /** The same, asking only some kinds, in their order. */
    Verdict decide(Facts facts, Set<Kind> kinds) {
        var matched = new ArrayList<String>();
        var demands = new EnumMap<Demand, Rule>(Demand.class);
        var limits = new ArrayList<Rule>();
        var thresholds = new ArrayList<Rule>(0);
        Duration arrivesWithin = null;
        var bits = Sieve.of(facts);
        for (var kind : Kind.values()) {
            if (!kinds.contains(kind) || !kind.concerns(facts)) {
                continue;
            }
            if (kind == Kind.ARRIVAL) {
                arrivesWithin = arrivesWithin(facts, bits);
            }
            var decisive =
                    kind == Kind.CONFIRMATION
                            ? threshold(facts, bits, demands, thresholds)
                            : strongest(kind, facts, bits, demands, limits);
            if (decisive != null) {
                matched.add(decisive.name());
            }
            var isRefused =
                    decisive == null
                            ? kind.reading().needsRule()
                            : decisive.effectOn(facts) == Effect.DENY;
            if (isRefused) {
                // What is refused for the card alone is held against limits first: they come
                // before.
                return new Verdict(
                        version,
                        matched,
                        Map.of(),
                        limits,
                        List.of(),
                        null,
                        refusal(kind, decisive, facts));
            }
            if (!demands.isEmpty()) {
                nameAll(demands.values(), matched);
            }
        }
        if (demands.containsKey(Demand.CONFIRMATION)) {
            thresholds.clear();
        }
        return new Verdict(version, matched, demands, limits, thresholds, arrivesWithin, null);
    }

    /** One kind may demand a confirmation and a review: both have to be named. */
    private static void nameAll(Collection<Rule> demanding, List<String> matched) {
        demanding.stream()
                .map(Rule::name)
                .filter(it -> !matched.contains(it))
                .forEach(matched::add);
    }

    /** The strongest rule that applies; null where none does. What any of them demands is added. */
    private @Nullable Rule strongest(
            Kind kind, Facts facts, long bits, Map<Demand, Rule> demands, List<Rule> limits) {
        var shelf = shelf(kind, facts.party().country());
        Rule strongest = null;
        for (var i = 0; i < shelf.rules.length; i++) {
            if (!Sieve.passes(shelf.bits[i], bits) || !shelf.rules[i].appliesTo(facts)) {
                continue;
            }
            var rule = shelf.rules[i];
            if (kind == Kind.LIMIT && !rule.isFulfilledBy(facts.party())) {
                limits.add(rule);
            }
            var demand = rule.demand(rule.effectOn(facts));
            if (demand != null) {
                demands.putIfAbsent(demand, rule);
            }
            if (strongest == null || isStronger(rule, strongest, facts)) {
                strongest = rule;
            }
        }
        return strongest;
    }

    /** How long money may wait for its payee, by the newest rule that says so; null where none. */
    private @Nullable Duration arrivesWithin(Facts facts, long bits) {
        var shelf = shelf(Kind.ARRIVAL, facts.party().country());
        for (var i = 0; i < shelf.rules.length; i++) {
            var window = shelf.rules[i].condition().window();
            if (window != null
                    && Sieve.passes(shelf.bits[i], bits)
                    && shelf.rules[i].appliesTo(facts)) {
                return window;
            }
        }
        return null;
    }

    /**
     * The threshold that speaks: one that the amount is beyond, or else one that it keeps to, as
     * far as this can tell. One in other currencies speaks where none is in this one, and demands,
     * because it cannot be compared. Null where the country has none.
     */
    private @Nullable Rule threshold(
            Facts facts, long bits, Map<Demand, Rule> demands, List<Rule> thresholds) {
        var shelf = shelf(Kind.CONFIRMATION, facts.party().country());
        Rule decisive = null;
        Rule incomparable = null;
        for (var i = 0; i < shelf.rules.length; i++) {
            var rule = shelf.rules[i];
            if (!Sieve.passes(shelf.bits[i], bits) || !rule.appliesButForCurrencyTo(facts)) {
                continue;
            }
            if (!rule.subject().fits(facts)) {
                incomparable = incomparable == null ? rule : incomparable;
                continue;
            }
            thresholds.add(rule);
            var demand = rule.demand(rule.effectOn(facts));
            if (demand != null) {
                demands.putIfAbsent(demand, rule);
            }
            if (decisive == null || isStronger(rule, decisive, facts)) {
                decisive = rule;
            }
        }
        if (decisive == null && incomparable != null) {
            demands.putIfAbsent(Demand.CONFIRMATION, incomparable);
        }
        return decisive == null ? incomparable : decisive;
    }

    private Shelf shelf(Kind kind, String country) {
        var byCountry = Objects.requireNonNull(rules.get(kind));
        var own = byCountry.get(country);
        return own == null ? Objects.requireNonNull(byCountry.get(ANY)) : own;
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
        var refusal = kind.problem().because(rule.text(facts.party().locale()));
        // Whoever is frozen is told no more than that they are not served.
        return kind == Kind.SANCTION ? refusal : rule.naming(refusal);
    }
}
