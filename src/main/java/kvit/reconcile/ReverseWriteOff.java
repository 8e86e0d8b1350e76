package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.BREAK_MATCHED;
import static kvit.reconcile.ReconcileProblem.BREAK_NOT_FOUND;
import static kvit.reconcile.ReconcileProblem.BREAK_NOT_RESOLVED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.reconcile.BreakStore.Held;
import kvit.reconcile.ReverseWriteOff.Reversal;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Two want that a break is open again that was written off: its money returns into suspense. One
 * alone could undo a month's end that two have agreed on.
 */
@ApplicationScoped
class ReverseWriteOff implements FourEyes<Reversal> {

    /**
     * What is taken back.
     *
     * @param posting of the write-off
     * @param amount what we had borne, more than nothing
     */
    record Reversal(UUID breakId, UUID posting, Money amount) {}

    private final WorkOnBreaks work;
    private final BreakStore breaks;
    private final RunStore runs;
    private final Position position;
    private final Ledger ledger;
    private final Clock clock;

    ReverseWriteOff(
            WorkOnBreaks work,
            BreakStore breaks,
            RunStore runs,
            Position position,
            Ledger ledger,
            Clock clock) {
        this.work = work;
        this.breaks = breaks;
        this.runs = runs;
        this.position = position;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * What two would have to want.
     *
     * @throws Problem BREAK_NOT_FOUND, BREAK_NOT_RESOLVED, BREAK_MATCHED
     */
    Reversal reversal(UUID id) {
        return reversal(
                breaks.find(id).orElseThrow(() -> BREAK_NOT_FOUND.because("No break " + id + ".")));
    }

    private static Reversal reversal(Held held) {
        if (!held.isResolved()) {
            throw BREAK_NOT_RESOLVED.because("Break " + held.id() + " is open.");
        }
        if (held.resolution() != BreakResolution.WRITTEN_OFF
                || held.posting() == null
                || held.currency() == null
                || held.parked() == 0) {
            throw BREAK_MATCHED.because("No money of it was written off out of suspense.");
        }
        return new Reversal(held.id(), held.posting(), new Money(-held.parked(), held.currency()));
    }

    @Override
    public String action() {
        return "reconciliation.reverse-write-off";
    }

    @Override
    public Class<Reversal> payload() {
        return Reversal.class;
    }

    @Override
    public String resource(Reversal reversal) {
        return reversal.breakId().toString();
    }

    /** Whether it is written off, and by that posting: it may have been open in between. */
    @Override
    public String basis(Reversal reversal) {
        return work.basis(reversal.breakId())
                + " "
                + breaks.find(reversal.breakId())
                        .map(it -> String.valueOf(it.posting()))
                        .orElse("");
    }

    /**
     * Opens it again.
     *
     * @throws Problem as {@link #reversal}
     */
    @Override
    public void carryOut(Reversal agreedReversal, Agreed agreed) {
        var currency = agreedReversal.amount().currency();
        runs.lock(currency);
        var held = work.locked(List.of(agreedReversal.breakId())).get(0);
        var reversal = reversal(held);
        var posting = posting(held, reversal, currency);
        breaks.reopen(held.id());
        // The break forgets what has ended it; its notes do not.
        breaks.note(
                List.of(held.id()),
                agreed.approvedBy(),
                "reverse-write-off",
                "%s: %s (%s takes back %s)"
                        .formatted(
                                agreed.proposedBy(),
                                agreed.reason(),
                                posting.id(),
                                reversal.posting()));
        position.require(currency, List.of(posting));
        Books.post(ledger, List.of(posting));
    }

    /** The mirror image, and in the books it says of what: nothing is taken back twice. */
    private Posting posting(Held held, Reversal reversal, Currency currency) {
        return new Posting(
                Ids.named(reversal.posting(), "reopened"),
                Books.KIND + "reopened",
                clock.instant(),
                List.of(
                        new Posting.Line(
                                Leg.suspense(held.parked(), false).account(currency),
                                held.parked()),
                        new Posting.Line(Account.losses(currency), -held.parked())),
                reversal.posting(),
                null);
    }
}
