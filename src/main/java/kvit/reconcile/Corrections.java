package kvit.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.reconcile.Findings.Break;
import kvit.reconcile.Findings.How;
import kvit.reconcile.Findings.Method;
import kvit.reconcile.Findings.Resolution;
import kvit.settlement.LineType;

/** What the processor takes back of its own lines: exactly what one has left in suspense. */
class Corrections {

    /** What only its own source means by that name. */
    private record Called(String source, String external) {}

    /** What may be taken back. */
    private record Open(UUID id, Fault fault, Line line, long parked) {

        /** What it has in common with those that are as good as it is. */
        List<Object> kind() {
            return List.of(fault, line.type(), Objects.requireNonNullElse(line.reference(), ""));
        }
    }

    private final Findings findings;
    private final Map<Called, List<Open>> open = new HashMap<>();

    Corrections(Findings findings) {
        this.findings = findings;
    }

    /**
     * Of several that are the same the oldest is meant, because it makes no difference; of several
     * that are not, nobody knows which.
     *
     * @param fresh the oldest first
     * @param parked breaks of earlier runs
     */
    void match(Rule rule, List<Line> fresh, Collection<Parked> parked) {
        parked.stream()
                .filter(it -> !it.isOfBank() && !findings.isResolved(it.id()))
                .forEach(it -> add(new Open(it.id(), it.fault(), it.line(), it.minor())));
        findings.breaks().stream()
                .filter(it -> it.line().type() != LineType.CORRECTION)
                .forEach(it -> add(new Open(it.id(), it.fault(), it.line(), it.parked())));
        for (var line : fresh) {
            if (line.type() == LineType.CORRECTION && !findings.isDone(line.key())) {
                match(rule, line);
            }
        }
    }

    private void add(Open one) {
        var name = one.line().external();
        if (name != null && one.parked() != 0) {
            open.computeIfAbsent(new Called(one.line().source(), name), it -> new ArrayList<>())
                    .add(one);
        }
    }

    private void match(Rule rule, Line line) {
        if (line.external() == null) {
            return;
        }
        var called = open.getOrDefault(new Called(line.source(), line.external()), List.of());
        var undone =
                called.stream()
                        .filter(it -> it.parked() == -line.gross())
                        .sorted(Comparator.comparing(Open::line, Line.ORDER))
                        .toList();
        if (undone.stream().map(Open::kind).distinct().count() > 1) {
            findings.found(
                    new Break(Fault.AMBIGUOUS, line, false, null, line.gross(), line.gross()));
        } else if (!undone.isEmpty()) {
            var oldest = undone.get(0);
            called.remove(oldest);
            findings.match(rule, Method.AUTO, List.of(line.key()), List.of());
            findings.resolved(
                    new Resolution(oldest.id(), How.PSP_CORRECTED, oldest.parked(), line.key()));
        }
    }
}
