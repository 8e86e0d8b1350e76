package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.BREAK_HOLDS_MONEY;
import static kvit.reconcile.ReconcileProblem.BREAK_MATCHED;
import static kvit.reconcile.ReconcileProblem.BREAK_NOT_FOUND;
import static kvit.reconcile.ReconcileProblem.BREAK_NOT_RESOLVED;
import static kvit.reconcile.ReconcileProblem.BREAK_RESOLVED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Account.Kind;
import kvit.ledger.Ledger;
import kvit.money.Currency;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;
import kvit.reconcile.BreakStore.Held;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** What one operator does with breaks alone. Each has a reason, which becomes a note of each. */
@ApplicationScoped
class WorkOnBreaks {

    /** What is done to many at once. */
    enum Action {
        ASSIGN,
        NOTE,
        RAISE
    }

    private final BreakStore breaks;
    private final RunStore runs;
    private final Position position;
    private final Ledger ledger;
    private final AuditTrail audit;
    private final AtWork atWork;
    private final Clock clock;

    WorkOnBreaks(
            BreakStore breaks,
            RunStore runs,
            Position position,
            Ledger ledger,
            AuditTrail audit,
            AtWork atWork,
            Clock clock) {
        this.breaks = breaks;
        this.runs = runs;
        this.position = position;
        this.ledger = ledger;
        this.audit = audit;
        this.atWork = atWork;
        this.clock = clock;
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
     * Takes back how one has ended: a word, or a write-off, whose money returns into suspense.
     *
     * @throws Problem BREAK_NOT_FOUND, BREAK_NOT_RESOLVED, BREAK_MATCHED
     */
    void reopen(UUID id, String reason) {
        audit.recording(
                "reconciliation.reopen",
                id.toString(),
                reason,
                () -> {
                    var currency = breaks.currencyOf(id);
                    currency.ifPresent(runs::lock);
                    var held = locked(List.of(id)).get(0);
                    requireReopenable(held);
                    breaks.reopen(id);
                    breaks.note(List.of(id), atWork.email(), "reopen", reason);
                    currency.ifPresent(it -> backIntoSuspense(held, it));
                    return id;
                });
    }

    private static void requireReopenable(Held held) {
        if (!held.isResolved() || held.resolution() == null) {
            throw BREAK_NOT_RESOLVED.because("Break " + held.id() + " is open.");
        }
        var mayBe =
                switch (held.resolution()) {
                    case VOID, CORRECTED -> true;
                    case WRITTEN_OFF -> held.type() != Fault.MISSING_EXTERNAL;
                    case LATE_MATCH, MANUAL_MATCH, PSP_CORRECTED -> false;
                };
        if (!mayBe) {
            throw BREAK_MATCHED.because(
                    "It was resolved by " + held.resolution() + ", and its money with it.");
        }
    }

    private void backIntoSuspense(Held held, Currency currency) {
        if (held.posting() == null) {
            return;
        }
        var posting =
                Books.posting(
                        Ids.named(held.posting(), "reopened"),
                        Books.KIND + "reopened",
                        clock.instant(),
                        Leg.suspense(held.parked(), false).account(currency),
                        new Account(Kind.LOSSES, null, currency),
                        held.parked());
        Books.post(ledger, List.of(posting));
        position.require(currency);
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

    private List<Held> locked(Collection<UUID> ids) {
        var held = breaks.lock(ids);
        if (held.size() < ids.size()) {
            var unknown = new HashSet<>(ids);
            held.forEach(it -> unknown.remove(it.id()));
            throw BREAK_NOT_FOUND.because("No break " + unknown.iterator().next() + ".");
        }
        return held;
    }
}
