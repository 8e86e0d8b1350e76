package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.AMOUNTS_DIFFER;
import static kvit.reconcile.ReconcileProblem.BREAK_HOLDS_NONE;
import static kvit.reconcile.ReconcileProblem.BREAK_NOT_FOUND;
import static kvit.reconcile.ReconcileProblem.ITEM_NOT_EXPECTED;
import static kvit.reconcile.ReconcileProblem.NOT_A_LOSS;
import static kvit.reconcile.ReconcileProblem.TWO_ARE_NEEDED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.reconcile.BreakStore.Held;
import kvit.reconcile.Explanations.Found;
import kvit.reconcile.Explanations.Said;
import kvit.reconcile.MatchByHand.Forced;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Somebody says what a line is that no rule has found: of the processor's what we expect, one or
 * several; of the bank's what the processor has paid. What is of the same kind, direction and
 * amount one operator says; all else takes two, and what is short by it is our loss. What is more
 * is somebody's, and no match makes it ours.
 */
@ApplicationScoped
class MatchByHand implements FourEyes<Forced> {

    /**
     * A match of what is not the same.
     *
     * @param difference what the line has less than what it is said to be, minor units; zero where
     *     only kinds differ
     */
    record Forced(UUID breakId, Currency currency, Said said, long difference) {}

    private final WorkOnBreaks work;
    private final BreakStore breaks;
    private final RunStore runs;
    private final Explanations explanations;
    private final Position position;
    private final LossLimits limits;
    private final Ledger ledger;
    private final AuditTrail audit;
    private final AtWork atWork;
    private final Clock clock;
    private final Ids ids;

    MatchByHand(
            WorkOnBreaks work,
            BreakStore breaks,
            RunStore runs,
            Explanations explanations,
            Position position,
            LossLimits limits,
            Ledger ledger,
            AuditTrail audit,
            AtWork atWork,
            Clock clock,
            Ids ids) {
        this.work = work;
        this.breaks = breaks;
        this.runs = runs;
        this.explanations = explanations;
        this.position = position;
        this.limits = limits;
        this.ledger = ledger;
        this.audit = audit;
        this.atWork = atWork;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Matches what is the same.
     *
     * @throws Problem BREAK_NOT_FOUND, BREAK_RESOLVED, BREAK_HOLDS_NONE, ITEM_NOT_EXPECTED,
     *     AMOUNTS_DIFFER, TWO_ARE_NEEDED
     */
    void match(UUID id, Said said, String reason) {
        audit.recording(
                "reconciliation.match",
                id.toString(),
                reason,
                () -> {
                    var currency = currency(id);
                    runs.lock(currency);
                    var held = requireLoose(work.open(id));
                    var found = find(held, currency, said);
                    if (found.minor() != held.parked()) {
                        throw AMOUNTS_DIFFER
                                .because("Two have to want this.")
                                .with("line", new Money(held.parked(), currency))
                                .with("expected", new Money(found.minor(), currency));
                    }
                    requireSame(held, found);
                    settle(held, currency, found, "MANUAL");
                    breaks.note(List.of(id), atWork.email(), "match", reason);
                    return id;
                });
    }

    /** A duplicate would vanish under what is missing, and a sum can be made of anything. */
    private static void requireSame(Held held, Found found) {
        var way = Long.signum(held.parked());
        var isSame =
                held.type() != Fault.DUPLICATE_LINE
                        && found.payouts().stream().allMatch(it -> Long.signum(-it.net()) == way)
                        && found.items().stream()
                                .allMatch(
                                        it ->
                                                it.type() == held.lineType()
                                                        && Long.signum(it.minor()) == way);
        if (!isSame) {
            throw TWO_ARE_NEEDED.because(
                    "It is said twice, or is not of the same kind and direction as its line.");
        }
    }

    /**
     * What two would have to want, checked: whoever approves it should not be the first to find a
     * mistake.
     *
     * @throws Problem BREAK_NOT_FOUND, BREAK_RESOLVED, BREAK_HOLDS_NONE, ITEM_NOT_EXPECTED,
     *     NOT_A_LOSS, WRITE_OFF_TOO_LARGE
     */
    Forced forced(UUID id, Said said) {
        var currency = currency(id);
        return ledger.asOfOneMoment(
                () -> {
                    var held = requireLoose(work.openToRead(id));
                    var difference = held.parked() - find(held, currency, said).minor();
                    requireBearable(difference, currency);
                    return new Forced(id, currency, said, difference);
                });
    }

    private Currency currency(UUID id) {
        return breaks.currencyOf(id)
                .orElseThrow(() -> BREAK_NOT_FOUND.because("No such break of a currency."));
    }

    /** A wrong amount is matched already, and what is missing has no line. */
    private Held requireLoose(Held held) {
        var line = held.line();
        if (line == null || held.parked() == 0 || runs.loose(List.of(line)).isEmpty()) {
            throw BREAK_HOLDS_NONE.because(
                    "This " + held.type() + " has no line that nothing is matched with.");
        }
        return held;
    }

    private void requireBearable(long difference, Currency currency) {
        if (difference > 0) {
            throw NOT_A_LOSS.because("What is more is somebody's; settle it with whose it is.");
        }
        if (difference < 0) {
            limits.require(-difference, currency);
        }
    }

    private Found find(Held held, Currency currency, Said said) {
        var wrongSide = held.isBank() ? said.items() : said.payouts();
        if (!wrongSide.isEmpty()) {
            throw ITEM_NOT_EXPECTED.because(
                    held.isBank()
                            ? "An entry of the bank is payouts that are under way."
                            : "A line of the processor is what we still expect.");
        }
        return explanations.find(currency, said);
    }

    private void settle(Held held, Currency currency, Found found, String method) {
        var match = ids.next();
        var line = held.line();
        explanations.match(
                currency, line == null ? List.of() : List.of(line), found, method, match);
        breaks.end(held.id(), BreakResolution.MANUAL_MATCH, match);
        breaks.resolveMissing(currency);
        runs.advance(currency);
        var postings = List.of(posting(match, held.parked(), found.minor(), currency));
        position.require(currency, postings);
        Books.post(ledger, postings);
    }

    /** Out of suspense, to what was expected; what is short is ours to bear. */
    private Posting posting(UUID id, long parked, long expected, Currency currency) {
        var lines = new ArrayList<Posting.Line>();
        Books.add(lines, Leg.suspense(parked, false).account(currency), -parked);
        Books.add(lines, Account.cardClearing(currency), expected);
        Books.add(lines, Account.losses(currency), parked - expected);
        return new Posting(id, Books.KIND + "match", clock.instant(), lines, null, null);
    }

    @Override
    public String action() {
        return "reconciliation.force-match";
    }

    @Override
    public Class<Forced> payload() {
        return Forced.class;
    }

    @Override
    public String resource(Forced forced) {
        return forced.breakId().toString();
    }

    /** Whether it is still open, and by how much the two differ. */
    @Override
    public String basis(Forced forced) {
        return work.basis(forced.breakId());
    }

    /**
     * Matches them all the same.
     *
     * @throws Problem as {@link #forced}
     */
    @Override
    public void carryOut(Forced forced, Agreed agreed) {
        var currency = forced.currency();
        runs.lock(currency);
        var held = requireLoose(work.open(forced.breakId()));
        var found = find(held, currency, forced.said());
        requireBearable(held.parked() - found.minor(), currency);
        settle(held, currency, found, "FORCED");
        breaks.note(
                List.of(held.id()),
                agreed.approvedBy(),
                "force-match",
                agreed.proposedBy() + ": " + agreed.reason());
    }
}
