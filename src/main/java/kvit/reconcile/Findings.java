package kvit.reconcile;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * What matching has come to: of each line a match or a break, what earlier breaks are resolved by,
 * and the money that all of it moves.
 */
class Findings {

    /** How two things came to be one. */
    enum Method {
        AUTO,
        TOLERANCE,
        /** They are one, and their amounts are not; the break says by how much. */
        DIFFERENT
    }

    /**
     * Lines and what they settle.
     *
     * @param lines of the processor, and of the bank
     * @param items of ours
     */
    record Match(String rule, Method method, List<Line.Key> lines, List<UUID> items) {

        Match {
            lines = lines.stream().sorted().toList();
            items = items.stream().sorted().toList();
        }

        /** Follows from what it is about, which is matched once. */
        UUID id() {
            return Ids.named(lines.get(0).file(), "match/" + lines.get(0).number());
        }
    }

    /**
     * Something that does not agree.
     *
     * @param item of ours that it names; null where it names nothing
     * @param minor by how much, in the direction of {@link Line#gross}
     * @param parked what of it goes into suspense; nothing where no money has moved
     */
    record Break(
            Fault fault,
            Line line,
            boolean isOfBank,
            @Nullable UUID item,
            long minor,
            long parked) {

        /** Follows from the line: one has one break at the most. */
        UUID id() {
            return idOf(line.key());
        }

        static UUID idOf(Line.Key key) {
            return Ids.named(key.file(), "break/" + key.number());
        }
    }

    /** How a break ends by itself. */
    enum How {
        LATE_MATCH,
        PSP_CORRECTED
    }

    /**
     * The end of an earlier break, or of one of this run.
     *
     * @param by the line that has explained it; null where it was our side that came late
     */
    record Resolution(UUID id, How how, long parked, Line.@Nullable Key by) {}

    private final List<Match> matches = new ArrayList<>();
    private final List<Break> breaks = new ArrayList<>();
    private final List<Resolution> resolutions = new ArrayList<>();
    private final Map<Leg, Long> money = new EnumMap<>(Leg.class);
    private final Set<UUID> settled = new HashSet<>();
    private final Set<Line.Key> done = new HashSet<>();
    private final Set<UUID> resolved = new HashSet<>();
    private List<Unpaid.Left> left = List.of();

    void match(Rule rule, Method method, List<Line.Key> lines, List<UUID> items) {
        matches.add(new Match(rule.name(), method, lines, items));
        settled.addAll(items);
        done.addAll(lines);
    }

    void found(Break found) {
        breaks.add(found);
        done.add(found.line().key());
        if (found.parked() != 0) {
            move(Leg.suspense(found.parked(), found.isOfBank()), found.parked());
        }
    }

    /** What was parked goes back to what is expected, whichever side had parked it. */
    void resolved(Resolution resolution) {
        resolutions.add(resolution);
        resolved.add(resolution.id());
        if (resolution.parked() != 0) {
            move(Leg.suspense(resolution.parked(), false), -resolution.parked());
        }
    }

    /** What processors keep after it. */
    void left(List<Unpaid.Left> kept) {
        left = kept;
    }

    List<Unpaid.Left> left() {
        return left;
    }

    /**
     * Adds to what a leg moves.
     *
     * @param credit of its first account
     */
    void move(Leg leg, long credit) {
        money.merge(leg, credit, Math::addExact);
    }

    boolean isSettled(UUID item) {
        return settled.contains(item);
    }

    boolean isResolved(UUID id) {
        return resolved.contains(id);
    }

    boolean isDone(Line.Key line) {
        return done.contains(line);
    }

    List<Match> matches() {
        return matches;
    }

    List<Break> breaks() {
        return breaks;
    }

    List<Resolution> resolutions() {
        return resolutions;
    }

    /** What has to be posted; legs whose sums are nothing are not in it. */
    Map<Leg, Long> money() {
        var moving = new EnumMap<Leg, Long>(Leg.class);
        money.forEach(
                (leg, credit) -> {
                    if (credit != 0) {
                        moving.put(leg, credit);
                    }
                });
        return moving;
    }
}
