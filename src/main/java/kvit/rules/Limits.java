package kvit.rules;

import static jakarta.transaction.Transactional.TxType.MANDATORY;
import static kvit.rules.RulesProblem.LIMIT_EXCEEDED;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.rules.Limit.Tally;
import kvit.rules.LimitStore.Counter;
import kvit.rules.LimitStore.Moment;
import kvit.rules.LimitStore.Stand;
import kvit.rules.LimitStore.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Counts what people move within rolling times.
 *
 * <p>A bound may be another one for one person and for a time: that stands in the row of their
 * counter, is read with it, and so needs neither a query nor a lock of its own.
 *
 * <p>What is counted at a moment t counts in a window until exactly t plus the window, and not at
 * that moment any more. Money that is given back does not give back the limit.
 */
@ApplicationScoped
public class Limits {

    private final LimitStore store;

    Limits(LimitStore store) {
        this.store = store;
    }

    /**
     * Locks what is to be counted, until the transaction ends. Before any account is locked, and in
     * one order, so that nobody waits in a circle.
     *
     * @param moving whatever may move, limited today or not: a limit of tomorrow has to know it
     * @param limits that will be asked about; what they look at is locked, too
     */
    @Transactional(MANDATORY)
    public Count count(Collection<Tally> moving, Collection<Limit> limits, Instant now) {
        var tallies = new LinkedHashSet<>(moving);
        limits.forEach(it -> tallies.add(it.tally()));
        if (tallies.isEmpty()) {
            return new Count(now, new LimitStore.Found(new HashMap<>(), Map.of()));
        }
        return new Count(now, store.lock(tallies, moments(limits, now), now));
    }

    /**
     * Somebody has confirmed one that does not move yet: what they move on their word alone is
     * counted from here. What moves later is {@link Count#lastWasConfirmed}.
     */
    @Transactional(MANDATORY)
    public void confirmed(Tally tally) {
        store.confirmAll(tally);
    }

    /** How the limits stand now, for somebody who only asks. */
    public List<Standing> standings(Collection<Limit> limits, Instant now) {
        var tallies = limits.stream().map(Limit::tally).distinct().toList();
        var count = new Count(now, store.read(tallies, moments(limits, now)));
        return limits.stream().map(count::standing).toList();
    }

    /**
     * How the limits stood just before something moved, for somebody who looks back.
     *
     * @param cause what moved, a transfer; of limits that it was not counted for, how they stood at
     *     {@code at}
     */
    public List<Standing> standingsAt(Collection<Limit> limits, UUID cause, Instant at) {
        var tallies = limits.stream().map(Limit::tally).distinct().toList();
        var found = new HashMap<Tally, Counter>(store.before(cause, tallies));
        var missing = tallies.stream().filter(it -> !found.containsKey(it)).toList();
        store.at(missing.stream().map(it -> new Moment(it, at)).toList())
                .forEach(
                        (moment, counter) ->
                                found.put(
                                        moment.tally(),
                                        new Counter(counter.minor(), counter.moves(), at)));
        missing.forEach(it -> found.putIfAbsent(it, new Counter(0, 0, at)));
        var starts = new LinkedHashMap<Limit, Moment>();
        limits.forEach(
                it -> {
                    var stood = Objects.requireNonNull(found.get(it.tally()));
                    starts.put(it, new Moment(it.tally(), stood.movedAt().minus(it.window())));
                });
        var then = store.at(starts.values());
        return limits.stream()
                .map(
                        it ->
                                standing(
                                        it,
                                        Objects.requireNonNull(found.get(it.tally())),
                                        then.get(starts.get(it))))
                .toList();
    }

    /** What lies between two stands of a counter; null is one that had never moved. */
    private static Standing standing(Limit limit, Counter counter, @Nullable Counter then) {
        return then == null
                ? new Standing(limit, counter.minor(), counter.moves())
                : new Standing(
                        limit, counter.minor() - then.minor(), counter.moves() - then.moves());
    }

    private static List<Moment> moments(Collection<Limit> limits, Instant now) {
        return limits.stream()
                .map(it -> new Moment(it.tally(), now.minus(it.window())))
                .distinct()
                .toList();
    }

    /**
     * How much of a limit is used.
     *
     * @param used minor units within the window
     * @param moves movements within the window
     */
    public record Standing(Limit limit, long used, long moves) {

        /** Whether as much still fits. */
        boolean leaves(Money amount) {
            var max = limit.max();
            var count = limit.count();
            return (max == null || amount.minor() <= max - used)
                    && (count == null || moves < count);
        }
    }

    /** What may move yet, on somebody's word alone. */
    private record Expected(long minor, long moves) {

        private static final Expected NOTHING = new Expected(0, 0);

        private Expected plus(Money amount) {
            return new Expected(Math.addExact(minor, amount.minor()), moves + 1);
        }
    }

    /**
     * What does not say yet from when it would not be refused.
     *
     * @param reset where the counter has to have been, a window before
     */
    private record Refused(Problem problem, Limit limit, Stand reset) {}

    /** Counters under lock, as the movements of the running batch leave them. */
    public class Count {

        private final Instant now;
        private final Map<Tally, Counter> counters;
        private final Map<Moment, Counter> before;
        private final List<Usage> usages = new ArrayList<>();
        private final Set<Tally> confirmed = new LinkedHashSet<>();
        private final Map<Tally, Expected> expected = new HashMap<>();
        private final List<Refused> refused = new ArrayList<>();

        private Count(Instant now, LimitStore.Found found) {
            this.now = now;
            this.counters = found.counters();
            this.before = found.then();
        }

        /** LIMIT_EXCEEDED by the first limit that the amount does not fit into; null if it fits. */
        public @Nullable Problem refusal(Collection<Limit> limits, Money amount) {
            var refusal = refusalOfMany(limits, amount);
            tellResets();
            return refusal;
        }

        /**
         * The same of one of many. From when the amount would fit is told by {@link #tellResets},
         * which asks once for all of them.
         */
        public @Nullable Problem refusalOfMany(Collection<Limit> limits, Money amount) {
            for (var ruled : limits) {
                var standing = standing(ruled);
                if (!standing.leaves(amount)) {
                    // As it counts for them, which may be another bound than the rule's.
                    var limit = standing.limit();
                    return limit.tally().operation() == Operation.RECEIVE
                            ? refusalOfPayee(limit)
                            : refusal(standing, amount);
                }
            }
            return null;
        }

        /** Whether it is beyond one of these, and so more than the payer's word is needed. */
        public boolean needsConfirmation(Collection<Threshold> thresholds, Money amount) {
            for (var threshold : thresholds) {
                var counter = counter(threshold.tally());
                var coming = expected.getOrDefault(threshold.tally(), Expected.NOTHING);
                if (!threshold.leaves(
                        counter.minor() - counter.confirmed() + coming.minor(),
                        counter.moves() - counter.confirmedMoves() + coming.moves(),
                        amount)) {
                    return true;
                }
            }
            return false;
        }

        private Problem refusal(Standing standing, Money amount) {
            var limit = standing.limit();
            var max = limit.max();
            var problem = refusal(limit, amount);
            if (max == null || amount.minor() <= max - standing.used()) {
                return problem.with("limit", Objects.requireNonNull(limit.count()))
                        .with("used", standing.moves())
                        .with("remaining", 0);
            }
            return problem.with("limit", new Money(max, amount.currency()))
                    .with("used", new Money(standing.used(), amount.currency()))
                    .with(
                            "remaining",
                            new Money(Math.max(0, max - standing.used()), amount.currency()));
        }

        /** How much the payee has received, and when, is theirs to know. */
        private Problem refusalOfPayee(Limit limit) {
            return LIMIT_EXCEEDED
                    .because(Wording.payeeIsFull(limit.locale()))
                    .with("rule", limit.rule());
        }

        private Problem refusal(Limit limit, Money amount) {
            var problem =
                    LIMIT_EXCEEDED
                            .because(Wording.in(limit.locale(), limit.texts()))
                            .with("rule", limit.rule());
            reset(limit, amount).ifPresent(it -> refused.add(new Refused(problem, limit, it)));
            var required = limit.required();
            return required == null ? problem : problem.with("required", required);
        }

        /**
         * A window after it was reached, the same amount fits, if nothing else moves; empty if it
         * never does.
         */
        private Optional<Stand> reset(Limit limit, Money amount) {
            var counter = counter(limit.tally());
            var max = limit.max();
            if (max != null && amount.minor() > max) {
                return Optional.empty();
            }
            return Optional.of(
                    new Stand(
                            new Moment(limit.tally(), now.minus(limit.window())),
                            max == null ? 0 : counter.minor() + amount.minor() - max,
                            limit.count() == null ? 0 : counter.moves() + 1 - limit.count()));
        }

        /** Says in refusals from when the same amount fits, before anybody is answered. */
        public void tellResets() {
            if (refused.isEmpty()) {
                return;
            }
            var reached = store.reached(refused.stream().map(Refused::reset).distinct().toList());
            for (var each : refused) {
                var at = reached.getOrDefault(each.reset(), now);
                each.problem().with("resetsAt", at.plus(each.limit().window()));
            }
            refused.clear();
        }

        private Standing standing(Limit limit) {
            var counter = counter(limit.tally());
            return Limits.standing(
                    counter.applied(limit, now),
                    counter,
                    before.get(new Moment(limit.tally(), now.minus(limit.window()))));
        }

        private Counter counter(Tally tally) {
            return Objects.requireNonNullElseGet(counters.get(tally), () -> new Counter(0, 0, now));
        }

        /**
         * The amount has moved: it counts once for each of these, however many limits look at it.
         *
         * @param cause the id of what moved
         */
        public void add(Collection<Tally> moved, UUID cause, Money amount, Instant at) {
            for (var tally : moved) {
                var after = counter(tally).plus(amount.minor(), at);
                counters.put(tally, after);
                usages.add(new Usage(tally, after, cause));
            }
        }

        /**
         * The amount may move yet, on somebody's word alone. Thresholds count it, and limits do
         * not: what goes beyond a limit is stopped when it moves. Nothing of it is stored.
         */
        public void expect(Tally tally, Money amount) {
            expected.put(tally, expected.getOrDefault(tally, Expected.NOTHING).plus(amount));
        }

        /** What was just added to it was confirmed some time before: no threshold counts it. */
        public void lastWasConfirmed(Tally tally, Money amount) {
            counters.put(tally, counter(tally).lastConfirmed(amount.minor()));
            confirmed.add(tally);
        }

        /** What was just added to it has just been confirmed: thresholds count from here. */
        public void confirmed(Tally tally) {
            counters.put(tally, counter(tally).allConfirmed());
            confirmed.add(tally);
        }

        /** Stores what was added; what was refused says all that there is to say. */
        public void write() {
            tellResets();
            if (!usages.isEmpty()) {
                store.write(usages, counters);
            }
            if (!confirmed.isEmpty()) {
                store.writeConfirmed(confirmed, counters);
            }
        }
    }
}
