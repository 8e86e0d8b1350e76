package kvit.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
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

    /** Payouts and entries that name one batch, or batches that are named together. */
    private static class Group {
        final List<Line> payouts = new ArrayList<>();
        final List<Line> entries = new ArrayList<>();
    }

    private static final Pattern WORD = Pattern.compile("[^\\p{Alnum}._/-]+");
    private static final String BATCH = "batch";

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
        var under = payouts.stream().sorted(Line.ORDER).toList();
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
    }

    private boolean isLeft(Line line) {
        return !findings.isDone(line.key());
    }

    private void setDuplicatesAside(List<Line> fresh) {
        var seen = new HashSet<List<Object>>();
        for (var line : fresh) {
            if (line.external() != null
                    && (line.isRepeated()
                            || !seen.add(
                                    List.of(
                                            line.source(),
                                            line.external(),
                                            line.type(),
                                            Objects.requireNonNullElse(
                                                    line.modification(), ""))))) {
                aside(Fault.DUPLICATE_LINE, line);
            }
        }
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
        for (var group : groups(rule, payouts, entries)) {
            var expected = group.payouts.stream().mapToLong(it -> -it.net()).sum();
            var actual = group.entries.stream().mapToLong(Line::gross).sum();
            var keys = keys(group.payouts, group.entries);
            if (group.payouts.size() > 1 && group.entries.size() > 1) {
                group.entries.stream()
                        .filter(it -> !parkedByLine.containsKey(it.key()))
                        .forEach(it -> aside(Fault.AMBIGUOUS, it));
            } else if (expected == actual || rule.tolerates(expected, actual)) {
                findings.match(
                        rule, expected == actual ? Method.AUTO : Method.TOLERANCE, keys, List.of());
                group.entries.forEach(this::settle);
                if (expected != actual) {
                    findings.move(Leg.FEES, actual - expected);
                }
            } else if (group.entries.stream().noneMatch(it -> parkedByLine.containsKey(it.key()))) {
                differ(rule, group, expected, actual, keys);
            }
        }
    }

    /** What has arrived is what was paid, and not as much of it. */
    private void differ(Rule rule, Group group, long expected, long actual, List<Line.Key> keys) {
        findings.match(rule, Method.DIFFERENT, keys, List.of());
        group.entries.forEach(this::settle);
        var first = group.entries.get(0);
        var fault = expected == -actual ? Fault.DIRECTION_MISMATCH : Fault.BATCH_TOTAL;
        var difference = Math.subtractExact(actual, expected);
        // Against what was expected, and not the bank, which has the whole entry by now.
        findings.found(new Break(fault, first, false, null, difference, difference));
    }

    /** Batches that one entry names together are one; so is a batch that several entries name. */
    private List<Group> groups(Rule rule, List<Line> payouts, List<Line> entries) {
        var byBatch = new TreeMap<String, List<Line>>();
        payouts.stream()
                .filter(it -> it.batch() != null && isLeft(it))
                .forEach(
                        it ->
                                byBatch.computeIfAbsent(
                                                Objects.requireNonNull(it.batch()),
                                                batch -> new ArrayList<>())
                                        .add(it));
        var groups = new TreeMap<String, Group>();
        for (var entry : entries) {
            if (!isLeft(entry) || entry.type() == LineType.FEE) {
                continue;
            }
            var batches =
                    batchesOf(entry).stream()
                            .filter(byBatch::containsKey)
                            .filter(
                                    it ->
                                            isInTime(
                                                    rule,
                                                    byBatch.getOrDefault(it, List.of()),
                                                    entry))
                            .collect(Collectors.toSet());
            if (!batches.isEmpty()) {
                join(groups, batches, byBatch).entries.add(entry);
            }
        }
        return groups.values().stream().distinct().toList();
    }

    private static Group join(
            Map<String, Group> groups, Set<String> batches, Map<String, List<Line>> byBatch) {
        var joined = new Group();
        var names = new HashSet<String>();
        for (var batch : batches) {
            var known = groups.get(batch);
            if (known == null) {
                joined.payouts.addAll(Objects.requireNonNull(byBatch.get(batch)));
            } else if (names.stream().noneMatch(it -> groups.get(it) == known)) {
                joined.payouts.addAll(known.payouts);
                joined.entries.addAll(known.entries);
            }
            names.add(batch);
        }
        var all = new HashSet<>(names);
        groups.forEach(
                (batch, group) -> {
                    if (names.stream().anyMatch(it -> groups.get(it) == group)) {
                        all.add(batch);
                    }
                });
        all.forEach(it -> groups.put(it, joined));
        return joined;
    }

    private static boolean isInTime(Rule rule, List<Line> payouts, Line entry) {
        return payouts.stream().allMatch(it -> rule.isInTime(it.bookedOn(), entry.bookedOn()));
    }

    /** By its own field, or by what stands after the word in what was written to us. */
    static Set<String> batchesOf(Line entry) {
        var batches = new HashSet<String>();
        if (entry.batch() != null) {
            batches.add(entry.batch());
        }
        if (entry.reference() != null) {
            batches.add(entry.reference());
        }
        var text = entry.description() == null ? "" : entry.description();
        var isAfterTheWord = false;
        for (var word : WORD.split(text, -1)) {
            if (word.equalsIgnoreCase(BATCH) || word.equalsIgnoreCase(BATCH + "es")) {
                isAfterTheWord = true;
            } else if (isAfterTheWord) {
                batches.add(word);
            }
        }
        return batches;
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
