package kvit.reconcile;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.reconcile.Findings.Break;
import kvit.reconcile.Findings.Match;
import kvit.reconcile.Findings.Method;
import kvit.reconcile.Findings.Resolution;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do, and its name: the same findings have the same hash, whoever computes it and
 * when. What is only still expected is not in it, because of that there is more every second.
 */
record Plan(World world, Findings findings) {

    static Plan of(World world) {
        return new Plan(world, world.compare());
    }

    boolean isEmpty() {
        return world.files().isEmpty();
    }

    /** Lines that are what they should be, of the processor's files. */
    long matched() {
        var ours = world.lines().stream().map(Line::key).collect(Collectors.toSet());
        return findings.matches().stream()
                .filter(it -> it.method() != Method.DIFFERENT)
                .flatMap(it -> it.lines().stream())
                .filter(ours::contains)
                .count();
    }

    /**
     * What should have been in these files by their days, and was in none. What a break names is
     * not missing, it is there and wrong.
     *
     * @param named by breaks that are open
     */
    List<Expectation> missing(Set<UUID> named) {
        var until = coveredUntil();
        if (until == null) {
            return List.of();
        }
        return stillExpected(world.expected(), findings, named).stream()
                .filter(it -> !it.bookedOn().isAfter(until))
                .toList();
    }

    /** What of these has not come, is named by no break, and does not come to nothing. */
    static List<Expectation> stillExpected(
            Collection<Expectation> expected, Findings findings, Set<UUID> named) {
        var open = new HashSet<UUID>();
        for (var it : expected) {
            if (!findings.isSettled(it.item())) {
                open.add(it.item());
            }
        }
        var wrong = new HashSet<>(named);
        findings.breaks().stream().map(Break::item).filter(Objects::nonNull).forEach(wrong::add);
        return expected.stream()
                .filter(it -> open.contains(it.item()) && !wrong.contains(it.item()))
                .filter(it -> it.twin() == null || !open.contains(it.twin()))
                .sorted(Expectation.ORDER)
                .toList();
    }

    /** Of several processors the one that is behind: what it has not said may be its own. */
    private @Nullable LocalDate coveredUntil() {
        var bySource = new HashMap<String, LocalDate>();
        world.files().stream()
                .filter(it -> !it.isOfBank() && it.bookedTo() != null)
                .forEach(it -> bySource.merge(it.source(), it.bookedTo(), Plan::later));
        world.lines().forEach(it -> bySource.merge(it.source(), it.bookedOn(), Plan::later));
        return bySource.values().stream().min(LocalDate::compareTo).orElse(null);
    }

    private static LocalDate later(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    /** SHA-256. */
    byte[] hash() {
        var digest = digest();
        line(digest, "rules " + world.rules().version());
        line(digest, "currency " + world.currency());
        world.files().stream()
                .map(it -> "file " + it.id())
                .sorted()
                .forEach(it -> line(digest, it));
        matches()
                .forEach(
                        it ->
                                line(
                                        digest,
                                        "match %s %s %s %s"
                                                .formatted(
                                                        it.rule(),
                                                        it.method(),
                                                        it.lines(),
                                                        it.items())));
        breaks().forEach(
                        it ->
                                line(
                                        digest,
                                        "break %s %s %s %d %d"
                                                .formatted(
                                                        it.fault(),
                                                        it.line().key(),
                                                        it.item(),
                                                        it.minor(),
                                                        it.parked())));
        resolutions()
                .forEach(
                        it ->
                                line(
                                        digest,
                                        "resolution %s %s %d %s"
                                                .formatted(
                                                        it.id(), it.how(), it.parked(), it.by())));
        money().forEach((leg, credit) -> line(digest, "money " + leg + " " + credit));
        return digest.digest();
    }

    List<Match> matches() {
        return findings.matches().stream()
                .sorted(Comparator.comparing(it -> it.lines().get(0)))
                .toList();
    }

    List<Break> breaks() {
        return findings.breaks().stream()
                .sorted(Comparator.comparing(it -> it.line().key()))
                .toList();
    }

    List<Resolution> resolutions() {
        return findings.resolutions().stream()
                .sorted(Comparator.comparing(Resolution::id))
                .toList();
    }

    Map<Leg, Long> money() {
        return findings.money();
    }

    private static void line(MessageDigest digest, String text) {
        digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
