package kvit.reconcile;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines that say what another one has said before. A processor says the same of each round of a
 * dispute, and may of two refunds of one charge: as many lines as we expect are none of these,
 * however alike they are.
 */
class Repeats {

    private final Map<MatchLedger.Name, Integer> expected = new HashMap<>();

    /**
     * @param expected of ours that nothing has settled
     * @param parked lines of earlier runs, of which some are what we expect by now
     */
    Repeats(Collection<Expectation> expected, Collection<Parked> parked) {
        for (var it : expected) {
            count(name(it, it.reference()), 1);
            for (var name : it.names()) {
                if (!name.equals(it.reference())) {
                    count(name(it, name), 1);
                }
            }
        }
        for (var it : parked) {
            if (!it.isOfBank() && (it.mayBeExpected() || it.mayBeAnother())) {
                var name = name(it.line());
                if (name != null) {
                    count(name, -1);
                }
            }
        }
    }

    private void count(MatchLedger.Name name, int by) {
        expected.merge(name, by, Integer::sum);
    }

    private static MatchLedger.Name name(Expectation it, String name) {
        return new MatchLedger.Name(it.type(), name);
    }

    /** By our own id where it says one that we know, and otherwise by the processor's name. */
    private MatchLedger.@Nullable Name name(Line line) {
        for (var name : new String[] {line.reference(), line.external()}) {
            if (name != null) {
                var it = new MatchLedger.Name(line.type(), name);
                if (expected.containsKey(it)) {
                    return it;
                }
            }
        }
        return null;
    }

    /**
     * Which of these are one too many.
     *
     * @param fresh the oldest first
     */
    Set<Line.Key> of(List<Line> fresh) {
        var seen = new HashSet<List<Object>>();
        var taken = new HashMap<MatchLedger.Name, Integer>();
        var repeated = new HashSet<Line.Key>();
        for (var line : fresh) {
            if (line.external() == null) {
                continue;
            }
            var name = name(line);
            var isSaid = !seen.add(said(line)) || line.isRepeated();
            if (isSaid
                    && (name == null
                            || taken.getOrDefault(name, 0) >= expected.getOrDefault(name, 0))) {
                repeated.add(line.key());
            } else if (name != null) {
                taken.merge(name, 1, Integer::sum);
            }
        }
        return repeated;
    }

    /** What makes two lines the same. */
    static List<Object> said(Line line) {
        return List.of(
                line.source(),
                Objects.requireNonNull(line.external()),
                line.type(),
                Objects.requireNonNullElse(line.modification(), ""));
    }
}
