package kvit.rules;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.money.Currency;
import kvit.operate.FourEyes;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.rules.Limit.Tally;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Gives one person another bound for a while, higher or lower. What is to hold for everybody, or
 * for good, is a rule.
 */
@ApplicationScoped
public class OverrideLimit implements FourEyes<OverrideLimit.Wish> {

    /** What stays for longer than a year is no exception. */
    static final Duration LONGEST = Duration.ofDays(366);

    /**
     * What is asked for. Whoever has one has one that is complete: it throws VALIDATION_FAILED.
     *
     * @param rule the id of a limit
     * @param max minor units within its window; null is what the rule says
     * @param count movements within it; null is what the rule says
     */
    public record Wish(
            UUID customer,
            String rule,
            Operation operation,
            Currency currency,
            @Nullable Long max,
            @Nullable Long count,
            Instant until) {

        public Wish {
            require("/customer", customer);
            require("/rule", rule);
            require("/operation", operation);
            require("/currency", currency);
            require("/until", until);
            if (max == null && count == null) {
                throw GeneralProblem.invalid("/max", "or /count must be there");
            }
        }

        private static void require(String pointer, @Nullable Object value) {
            if (value == null) {
                throw GeneralProblem.invalid(pointer, "must not be null");
            }
        }

        Tally tally() {
            return new Tally(customer, currency, operation);
        }
    }

    private final RuleSets ruleSets;
    private final LimitOverrideStore store;
    private final LimitStore counters;
    private final Clock clock;
    private final Ids ids;

    OverrideLimit(
            RuleSets ruleSets,
            LimitOverrideStore store,
            LimitStore counters,
            Clock clock,
            Ids ids) {
        this.ruleSets = ruleSets;
        this.store = store;
        this.counters = counters;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * So that nobody is asked to approve what cannot be.
     *
     * @throws Problem VALIDATION_FAILED where there is no such limit, it does not count that, or
     *     the time is none or too long
     */
    public Wish checked(Wish wish) {
        requireCounted(wish);
        return wish;
    }

    /** The limit that it is about. */
    private Rule requireCounted(Wish wish) {
        var now = clock.instant();
        if (!wish.until().isAfter(now) || wish.until().isAfter(now.plus(LONGEST))) {
            throw GeneralProblem.invalid("/until", "must be within the next 366 days");
        }
        var rule =
                limit(wish)
                        .orElseThrow(
                                () ->
                                        GeneralProblem.invalid(
                                                "/rule",
                                                "must be a limit in force, of this operation and"
                                                        + " currency"));
        requireCounted("/max", wish.max(), rule.condition().max());
        requireCounted("/count", wish.count(), rule.condition().count());
        return rule;
    }

    private Optional<Rule> limit(Wish wish) {
        return ruleSets.inEffect().named(wish.rule()).stream()
                .filter(it -> it.kind() == Kind.LIMIT)
                .filter(it -> fits(it.subject().operations(), wish.operation()))
                .filter(it -> fits(it.subject().currencies(), wish.currency()))
                .findFirst();
    }

    private static <T> boolean fits(Set<T> wanted, T value) {
        return wanted.isEmpty() || wanted.contains(value);
    }

    /** A rule that counts no movements has texts that say nothing of them. */
    private static void requireCounted(
            String pointer, @Nullable Long wished, @Nullable Long ruled) {
        if (wished != null && ruled == null) {
            throw GeneralProblem.invalid(pointer, "is nothing that this limit bounds");
        }
        if (wished != null && wished < 0) {
            throw GeneralProblem.invalid(pointer, "must not be negative");
        }
    }

    @Override
    public String action() {
        return "limits.override";
    }

    @Override
    public Class<Wish> payload() {
        return Wish.class;
    }

    @Override
    public String resource(Wish wish) {
        return Stream.of(wish.customer(), wish.rule(), wish.operation(), wish.currency())
                .map(Object::toString)
                .reduce((some, more) -> some + " " + more)
                .orElseThrow();
    }

    /** The version of the rule, and the override that there is or was last. */
    @Override
    @Transactional
    public String basis(Wish wish) {
        var rule = limit(wish).map(Rule::name).orElse("none");
        var last = store.last(wish.tally(), wish.rule(), clock.instant());
        return rule + " " + last.map(it -> it.id().toString()).orElse("none");
    }

    /**
     * Whoever has the counter under lock counts to the end by the bound that they have read; the
     * next one counts by this.
     */
    @Override
    @Transactional
    public void carryOut(Wish wish, Agreed agreed) {
        var rule = requireCounted(wish);
        counters.lock(Set.of(wish.tally()), Set.of(), clock.instant());
        // Only now: what was counted before, by the other bound, was so at an earlier time.
        var now = clock.instant();
        store.insert(
                new LimitOverride(
                        ids.next(),
                        wish.customer(),
                        wish.rule(),
                        wish.operation(),
                        wish.currency(),
                        wish.max(),
                        wish.count(),
                        rule.condition().window(),
                        now,
                        wish.until(),
                        agreed.reason(),
                        agreed.proposedBy(),
                        agreed.approvedBy()));
        var inForce =
                store.last(wish.tally()).stream()
                        .filter(it -> now.isBefore(it.until()))
                        .map(LimitOverride::bound)
                        .toList();
        counters.override(wish.tally(), inForce);
    }
}
