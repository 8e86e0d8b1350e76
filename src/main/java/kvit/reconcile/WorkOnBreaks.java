package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.BREAK_HOLDS_MONEY;
import static kvit.reconcile.ReconcileProblem.BREAK_MATCHED;
import static kvit.reconcile.ReconcileProblem.BREAK_NOT_FOUND;
import static kvit.reconcile.ReconcileProblem.BREAK_NOT_RESOLVED;
import static kvit.reconcile.ReconcileProblem.BREAK_RESOLVED;
import static kvit.reconcile.ReconcileProblem.TWO_ARE_NEEDED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.UUID;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;
import kvit.reconcile.BreakStore.Held;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What one operator does with breaks alone. Each has a reason, which becomes a note of each. */
@ApplicationScoped
class WorkOnBreaks {

    /** What is done to many at once. */
    @Schema(name = "BreakAction")
    enum Action {
        ASSIGN,
        NOTE,
        RAISE
    }

    private final BreakStore breaks;
    private final AuditTrail audit;
    private final AtWork atWork;

    WorkOnBreaks(BreakStore breaks, AuditTrail audit, AtWork atWork) {
        this.breaks = breaks;
        this.audit = audit;
        this.atWork = atWork;
    }

    /**
     * Does it to all of these, or to none.
     *
     * @param owner of {@link Action#ASSIGN}, by e-mail; null is whoever asks
     * @throws Problem BREAK_NOT_FOUND, BREAK_RESOLVED
     */
    void doAll(Collection<UUID> ids, Action action, @Nullable String owner, String reason) {
        var all = new TreeSet<>(ids);
        var name = action.name().toLowerCase(Locale.ROOT);
        audit.recording(
                "reconciliation." + name,
                all.size() == 1 ? all.first().toString() : all.size() + " breaks",
                reason,
                () -> {
                    for (var held : locked(all)) {
                        if (held.isResolved() && action != Action.NOTE) {
                            throw BREAK_RESOLVED.because("Break " + held.id() + " is resolved.");
                        }
                        carryOut(held.id(), action, owner);
                    }
                    breaks.note(all, atWork.email(), name, reason);
                    return all.size();
                });
    }

    private void carryOut(UUID id, Action action, @Nullable String owner) {
        switch (action) {
            case ASSIGN -> breaks.assign(id, owner == null ? atWork.email() : owner);
            case RAISE -> breaks.raise(id);
            case NOTE -> {}
        }
    }

    /**
     * Ends one by a word. That of one that has parked money is not enough.
     *
     * @param how that it was none, or was mended elsewhere
     * @throws Problem BREAK_NOT_FOUND, BREAK_RESOLVED, BREAK_HOLDS_MONEY
     */
    void resolve(UUID id, BreakResolution how, String reason) {
        audit.recording(
                "reconciliation.resolve",
                id.toString(),
                reason,
                () -> {
                    var held = open(id);
                    if (held.parked() != 0 || held.type() == Fault.MISSING_EXTERNAL) {
                        throw BREAK_HOLDS_MONEY.because(
                                "Match it, write it off, or wait for what mends it.");
                    }
                    breaks.end(id, how, null);
                    breaks.note(List.of(id), atWork.email(), "resolve", reason);
                    return id;
                });
    }

    /**
     * Takes back that one was ended by a word. What moved money takes two.
     *
     * @throws Problem BREAK_NOT_FOUND, BREAK_NOT_RESOLVED, BREAK_MATCHED, TWO_ARE_NEEDED
     */
    void reopen(UUID id, String reason) {
        audit.recording(
                "reconciliation.reopen",
                id.toString(),
                reason,
                () -> {
                    var held = locked(List.of(id)).get(0);
                    requireReopenable(held);
                    breaks.reopen(id);
                    breaks.note(List.of(id), atWork.email(), "reopen", reason);
                    return id;
                });
    }

    private static void requireReopenable(Held held) {
        if (!held.isResolved() || held.resolution() == null) {
            throw BREAK_NOT_RESOLVED.because("Break " + held.id() + " is open.");
        }
        switch (held.resolution()) {
            case VOID, CORRECTED -> {}
            case WRITTEN_OFF -> {
                if (held.type() == Fault.MISSING_EXTERNAL) {
                    throw BREAK_MATCHED.because("Should it come, settle it with what has come.");
                }
                throw TWO_ARE_NEEDED.because("Two have written it off; ask for that taken back.");
            }
            case LATE_MATCH, MANUAL_MATCH, PSP_CORRECTED, SETTLED ->
                    throw BREAK_MATCHED.because(
                            "It was resolved by %s, and its money with it."
                                    .formatted(held.resolution()));
        }
    }

    /**
     * One that has not ended, under lock.
     *
     * @throws Problem BREAK_NOT_FOUND, BREAK_RESOLVED
     */
    Held open(UUID id) {
        var held = locked(List.of(id)).get(0);
        if (held.isResolved()) {
            throw BREAK_RESOLVED.because("Break " + id + " is resolved.");
        }
        return held;
    }

    /**
     * The same without the lock, for whoever only looks.
     *
     * @throws Problem BREAK_NOT_FOUND, BREAK_RESOLVED
     */
    Held openToRead(UUID id) {
        var held =
                breaks.find(id).orElseThrow(() -> BREAK_NOT_FOUND.because("No break " + id + "."));
        if (held.isResolved()) {
            throw BREAK_RESOLVED.because("Break " + id + " is resolved.");
        }
        return held;
    }

    /** What somebody who wants to end it has before their eyes. */
    String basis(UUID id) {
        return breaks.find(id)
                .map(
                        it ->
                                (it.isResolved() ? "resolved " : "open ")
                                        + it.minor()
                                        + "/"
                                        + it.parked())
                .orElse("");
    }

    /**
     * Under lock, whatever has become of them.
     *
     * @throws Problem BREAK_NOT_FOUND
     */
    List<Held> locked(Collection<UUID> ids) {
        var held = breaks.lock(ids);
        if (held.size() < ids.size()) {
            var unknown = new HashSet<>(ids);
            held.forEach(it -> unknown.remove(it.id()));
            throw BREAK_NOT_FOUND.because("No break " + unknown.iterator().next() + ".");
        }
        return held;
    }
}
