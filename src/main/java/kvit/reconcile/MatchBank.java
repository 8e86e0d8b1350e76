package kvit.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kvit.reconcile.Findings.Break;
import kvit.reconcile.Findings.How;
import kvit.reconcile.Findings.Method;
import kvit.reconcile.Findings.Resolution;
import kvit.settlement.LineType;

/**
 * The second leg: what the processor says that it has paid against what the bank says that has
 * arrived. Pure, as the first one.
 *
 * <p>A payout is negative in the processor's file, because it takes from what the processor owes
 * us, and positive in the bank's.
 */
class MatchBank {

    private final List<Rule> rules;
    private final Findings findings;
    private final Map<Line.Key, Parked> parkedByLine = new HashMap<>();

    MatchBank(List<Rule> rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    /**
     * Finds what each new entry is.
     *
     * @param payouts of the processor that have not been seen at the bank, new or not
     * @param entries new ones of the bank
     * @param parked breaks of earlier runs
     */
    void match(Collection<Line> payouts, Collection<Line> entries, Collection<Parked> parked) {
        var under = payouts.stream().filter(this::isLeft).sorted(Line.ORDER).toList();
        var fresh = entries.stream().sorted(Line.ORDER).toList();
        setDuplicatesAside(fresh);
        var all = new ArrayList<>(fresh);
        parked.stream()
                .filter(it -> it.isOfBank() && it.mayBeExpected())
                .sorted((one, other) -> Line.ORDER.compare(one.line(), other.line()))
                .forEach(
                        it -> {
                            parkedByLine.put(it.line().key(), it);
                            all.add(it.line());
                        });
        for (var rule : rules) {
            switch (rule.by()) {
                case FEE -> matchFees(rule, fresh);
                case BANK_BATCH -> byBatch(rule, under, all);
                case BANK_AMOUNT -> byAmount(rule, under, all);
                default -> {}
            }
        }
        fresh.stream().filter(this::isLeft).forEach(it -> aside(Fault.UNKNOWN_EXTERNAL, it));
        rules.stream()
                .filter(it -> it.by() == Rule.By.BANK_BATCH)
                .findFirst()
                .ifPresent(it -> matchNothing(it, under));
    }

    /** A payout of nothing has arrived when it was said: no bank shows it. */
    private void matchNothing(Rule rule, List<Line> payouts) {
        payouts.stream()
                .filter(it -> it.net() == 0 && isLeft(it))
                .forEach(it -> findings.match(rule, Method.AUTO, List.of(it.key()), List.of()));
    }

    private boolean isLeft(Line line) {
        return !findings.isDone(line.key());
    }

    private void setDuplicatesAside(List<Line> fresh) {
        var repeated = new Repeats(List.of(), List.of()).of(fresh);
        fresh.stream()
                .filter(it -> repeated.contains(it.key()))
                .forEach(it -> aside(Fault.DUPLICATE_LINE, it));
    }

    private void matchFees(Rule rule, List<Line> fresh) {
        for (var line : fresh) {
            if (line.type() == LineType.FEE && isLeft(line)) {
                findings.match(rule, Method.AUTO, List.of(line.key()), List.of());
                findings.move(Leg.BANK_FEES, line.gross());
            }
        }
    }

    private void byBatch(Rule rule, List<Line> payouts, List<Line> entries) {
        var batches =
                new NamedBatches(
                        rule,
                        payouts.stream().filter(this::isLeft).toList(),
                        entries.stream()
                                .filter(it -> isLeft(it) && it.type() != LineType.FEE)
                                .toList());
        batches.unclear().stream()
                .filter(it -> !parkedByLine.containsKey(it.key()))
                .forEach(it -> aside(Fault.AMBIGUOUS, it));
        for (var group : batches.groups()) {
            var expected = group.expected();
            var actual = group.actual();
            var keys = keys(group.payouts(), group.entries());
            if (group.payouts().size() > 1 && group.entries().size() > 1) {
                group.entries().stream()
                        .filter(it -> !parkedByLine.containsKey(it.key()))
                        .forEach(it -> aside(Fault.AMBIGUOUS, it));
            } else if (expected == actual || rule.tolerates(expected, actual)) {
                findings.match(
                        rule, expected == actual ? Method.AUTO : Method.TOLERANCE, keys, List.of());
                group.entries().forEach(this::settle);
                if (expected != actual) {
                    findings.move(Leg.FEES, actual - expected);
                }
            } else if (group.entries().stream()
                    .noneMatch(it -> parkedByLine.containsKey(it.key()))) {
                differ(rule, group, expected, actual, keys);
            }
        }
    }

    /** What has arrived is what was paid, and not as much of it. */
    private void differ(
            Rule rule, NamedBatches.Group group, long expected, long actual, List<Line.Key> keys) {
        findings.match(rule, Method.DIFFERENT, keys, List.of());
        group.entries().forEach(this::settle);
        var first = group.entries().get(0);
        var fault = expected == -actual ? Fault.DIRECTION_MISMATCH : Fault.BATCH_TOTAL;
        var difference = Math.subtractExact(actual, expected);
        // Against what was expected, and not the bank, which has the whole entry by now.
        findings.found(new Break(fault, first, false, null, difference, difference));
    }

    private void byAmount(Rule rule, List<Line> payouts, List<Line> entries) {
        var byAmount =
                payouts.stream()
                        .filter(this::isLeft)
                        .collect(Collectors.groupingBy(it -> -it.net()));
        var claims = new HashMap<Line.Key, List<Line>>();
        for (var entry : entries) {
            if (!isLeft(entry) || entry.type() == LineType.FEE || entry.gross() == 0) {
                continue;
            }
            var candidates =
                    byAmount.getOrDefault(entry.gross(), List.of()).stream()
                            .filter(it -> rule.isInTime(it.bookedOn(), entry.bookedOn()))
                            .toList();
            if (!candidates.isEmpty()) {
                claims.put(entry.key(), candidates);
            }
        }
        var claimants =
                claims.values().stream()
                        .flatMap(List::stream)
                        .collect(Collectors.groupingBy(Line::key, Collectors.counting()));
        for (var entry : entries) {
            var candidates = claims.get(entry.key());
            if (candidates == null) {
                continue;
            }
            if (candidates.size() == 1
                    && claimants.getOrDefault(candidates.get(0).key(), 0L) == 1) {
                findings.match(rule, Method.AUTO, keys(candidates, List.of(entry)), List.of());
                settle(entry);
            } else if (!parkedByLine.containsKey(entry.key())) {
                aside(Fault.AMBIGUOUS, entry);
            }
        }
    }

    /** The money is there; what an earlier run has parked of it is what was expected. */
    private void settle(Line entry) {
        var parked = parkedByLine.get(entry.key());
        if (parked == null) {
            findings.move(Leg.BANK, -entry.gross());
        } else {
            findings.resolved(new Resolution(parked.id(), How.LATE_MATCH, parked.minor(), null));
        }
    }

    private void aside(Fault fault, Line entry) {
        findings.found(new Break(fault, entry, true, null, entry.gross(), entry.gross()));
    }

    private static List<Line.Key> keys(List<Line> payouts, List<Line> entries) {
        var keys = new ArrayList<Line.Key>();
        payouts.forEach(it -> keys.add(it.key()));
        entries.forEach(it -> keys.add(it.key()));
        return keys;
    }
}
