package kvit.problem;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What is behind a failure. */
public final class Causes {

    private Causes() {}

    /**
     * The failure, its causes, and what was suppressed on the way: the transaction manager reports
     * a COMMIT that failed as a rollback, and hangs what the database said onto it as suppressed.
     */
    public static List<Throwable> of(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        var causes = new ArrayList<Throwable>();
        var open = new ArrayDeque<>(List.of(failure));
        while (!open.isEmpty()) {
            var next = open.removeFirst();
            if (seen.add(next)) {
                causes.add(next);
                if (next.getCause() != null) {
                    open.add(next.getCause());
                }
                open.addAll(List.of(next.getSuppressed()));
            }
        }
        return causes;
    }
}
