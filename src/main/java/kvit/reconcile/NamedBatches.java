package kvit.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Payouts on their way and the entries of the bank that name them. A batch is its processor's: two
 * of them count from one. Batches that one entry names together are one; so is a batch that several
 * entries name.
 */
class NamedBatches {

    /** What the processor calls it, and which. */
    private record Batch(String source, String name) {

        static final Comparator<Batch> ORDER =
                Comparator.comparing(Batch::name).thenComparing(Batch::source);
    }

    /** What belongs together. */
    static final class Group {

        private final List<Line> payouts = new ArrayList<>();
        private final List<Line> entries = new ArrayList<>();

        List<Line> payouts() {
            return payouts;
        }

        List<Line> entries() {
            return entries;
        }

        /** Minor units, as the bank would show them. */
        long expected() {
            return sum(payouts);
        }

        long actual() {
            return entries.stream().mapToLong(Line::gross).reduce(0, Math::addExact);
        }
    }

    private final Rule rule;
    private final Map<Batch, List<Line>> payouts = new TreeMap<>(Batch.ORDER);
    private final Map<String, List<Batch>> byName = new HashMap<>();
    private final Map<Batch, Group> groups = new TreeMap<>(Batch.ORDER);
    private final List<Line> unclear = new ArrayList<>();

    /**
     * @param under payouts, the oldest first
     * @param entries the oldest first
     */
    NamedBatches(Rule rule, List<Line> under, List<Line> entries) {
        this.rule = rule;
        for (var it : under) {
            if (it.batch() != null) {
                payouts.computeIfAbsent(
                                new Batch(it.source(), it.batch()), batch -> new ArrayList<>())
                        .add(it);
            }
        }
        payouts.keySet()
                .forEach(
                        it ->
                                byName.computeIfAbsent(it.name(), name -> new ArrayList<>(1))
                                        .add(it));
        var perhaps = new ArrayList<Runnable>();
        for (var entry : entries) {
            var words = BatchWords.of(entry, name -> !called(Set.of(name), entry).isEmpty());
            var meant = called(words.meant(), entry);
            var chosen = ofOneSource(meant, entry);
            if (!chosen.isEmpty()) {
                join(chosen).entries().add(entry);
            } else if (!meant.isEmpty()) {
                unclear.add(entry);
            }
            if (!words.perhaps().isEmpty()) {
                perhaps.add(() -> extend(entry, chosen, called(words.perhaps(), entry)));
            }
        }
        perhaps.forEach(Runnable::run);
    }

    /** In the order of their names. */
    List<Group> groups() {
        return groups.values().stream().distinct().toList();
    }

    /** Entries that name a batch which several processors have. */
    List<Line> unclear() {
        return unclear;
    }

    private static long sum(Collection<Line> payouts) {
        return payouts.stream().mapToLong(it -> -it.net()).reduce(0, Math::addExact);
    }

    private long sumOf(Collection<Batch> batches) {
        return sum(batches.stream().flatMap(it -> payouts(it).stream()).toList());
    }

    private List<Line> payouts(Batch batch) {
        return payouts.getOrDefault(batch, List.of());
    }

    /** All of these names that are in time. */
    private Set<Batch> called(Set<String> names, Line entry) {
        var called = new LinkedHashSet<Batch>();
        for (var name : names) {
            byName.getOrDefault(name, List.of()).stream()
                    .filter(
                            it ->
                                    payouts(it).stream()
                                            .allMatch(
                                                    payout ->
                                                            rule.isInTime(
                                                                    payout.bookedOn(),
                                                                    entry.bookedOn())))
                    .forEach(called::add);
        }
        return called;
    }

    /** Where several processors have them, those of the one whose amount it is; or none. */
    private Set<Batch> ofOneSource(Set<Batch> batches, Line entry) {
        var bySource = new TreeMap<String, Set<Batch>>();
        batches.forEach(
                it ->
                        bySource.computeIfAbsent(it.source(), source -> new LinkedHashSet<>())
                                .add(it));
        if (bySource.size() == 1) {
            return batches;
        }
        var exact = bySource.values().stream().filter(it -> sumOf(it) == entry.gross()).toList();
        return exact.size() == 1 ? exact.get(0) : Set.of();
    }

    private Group join(Set<Batch> batches) {
        var joined = new Group();
        var all = new LinkedHashSet<>(batches);
        var known = new HashSet<Group>();
        for (var batch : batches) {
            var group = groups.get(batch);
            if (group == null) {
                joined.payouts().addAll(payouts(batch));
            } else if (known.add(group)) {
                joined.payouts().addAll(group.payouts());
                joined.entries().addAll(group.entries());
                groups.forEach(
                        (other, its) -> {
                            if (its == group) {
                                all.add(other);
                            }
                        });
            }
        }
        all.forEach(it -> groups.put(it, joined));
        return joined;
    }

    /** By words that may mean anything only what then comes to just the amount. */
    private void extend(Line entry, Set<Batch> chosen, Set<Batch> perhaps) {
        var group = chosen.isEmpty() ? null : groups.get(chosen.iterator().next());
        if (group != null && (group.entries().size() > 1 || group.expected() == group.actual())) {
            return;
        }
        var free = new LinkedHashSet<>(perhaps);
        free.removeAll(groups.keySet());
        var missing = Math.subtractExact(entry.gross(), group == null ? 0 : group.expected());
        if (!free.isEmpty() && sumOf(free) == missing && isOfOne(free, chosen)) {
            free.addAll(chosen);
            var joined = join(free);
            if (group == null) {
                joined.entries().add(entry);
                unclear.remove(entry);
            }
        }
    }

    private static boolean isOfOne(Set<Batch> some, Set<Batch> others) {
        var sources = new HashSet<String>();
        some.forEach(it -> sources.add(it.source()));
        others.forEach(it -> sources.add(it.source()));
        return sources.size() == 1;
    }
}
