package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.AMOUNTS_DIFFER;
import static kvit.reconcile.ReconcileProblem.BREAK_HOLDS_NONE;
import static kvit.reconcile.ReconcileProblem.BREAK_NOT_FOUND;
import static kvit.reconcile.ReconcileProblem.ITEM_NOT_EXPECTED;
import static kvit.reconcile.ReconcileProblem.WRITE_OFF_TOO_LARGE;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Account.Kind;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.reconcile.BreakStore.Held;
import kvit.reconcile.MatchByHand.Forced;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Somebody says what a line is that no rule has found: of the processor's what we expect, one or
 * several; of the bank's what the processor has paid. With the same amount one operator says it,
 * with another one it takes two, and the difference is our loss, or our gain.
 */
@ApplicationScoped
class MatchByHand implements FourEyes<Forced> {

    /**
     * A match whose amounts differ.
     *
     * @param difference what the line has more than what it is said to be, minor units
     */
    record Forced(UUID breakId, Currency currency, Said said, long difference) {}

    /** What a line is said to be: items of ours, or payouts of the processor. */
    record Said(Collection<UUID> items, Collection<PayoutLine> payouts) {}

    record PayoutLine(UUID fileId, int lineNumber) {}

    private final WorkOnBreaks work;
    private final BreakStore breaks;
    private final RunStore runs;
    private final Expectations expectations;
    private final Worlds worlds;
    private final Position position;
    private final ReconcileConfig config;
    private final Ledger ledger;
    private final AuditTrail audit;
    private final AtWork atWork;
    private final Clock clock;
    private final Ids ids;

    MatchByHand(
            WorkOnBreaks work,
            BreakStore breaks,
            RunStore runs,
            Expectations expectations,
            Worlds worlds,
            Position position,
            ReconcileConfig config,
            Ledger ledger,
            AuditTrail audit,
            AtWork atWork,
            Clock clock,
            Ids ids) {
        this.work = work;
        this.breaks = breaks;
        this.runs = runs;
        this.expectations = expectations;
        this.worlds = worlds;
        this.position = position;
        this.config = config;
        this.ledger = ledger;
        this.audit = audit;
        this.atWork = atWork;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Matches what has the same amount.
     *
     * @throws Problem BREAK_NOT_FOUND, BREAK_RESOLVED, BREAK_HOLDS_NONE, ITEM_NOT_EXPECTED,
     *     AMOUNTS_DIFFER
     */
    void match(UUID id, Said said, String reason) {
        audit.recording(
                "reconciliation.match",
                id.toString(),
                reason,
                () -> {
                    var currency = currency(id);
                    runs.lock(currency);
                    var held = requireParked(work.open(id));
                    var expected = expected(held, currency, said);
                    if (expected != held.parked()) {
                        throw AMOUNTS_DIFFER
                                .because("Two have to want this.")
                                .with("line", new Money(held.parked(), currency))
                                .with("expected", new Money(expected, currency));
                    }
                    settle(held, currency, said, expected, "MANUAL");
                    breaks.note(List.of(id), atWork.email(), "match", reason);
                    return id;
                });
    }

    /**
     * What two would have to want, checked: whoever approves it should not be the first to find a
     * mistake.
     *
     * @throws Problem as {@link #match}, and WRITE_OFF_TOO_LARGE
     */
    Forced forced(UUID id, Said said) {
        var currency = currency(id);
        return ledger.asOfOneMoment(
                () -> {
                    var held = requireParked(work.openToRead(id));
                    var difference = held.parked() - expected(held, currency, said);
                    requireSmall(difference, currency);
                    return new Forced(id, currency, said, difference);
                });
    }

    private Currency currency(UUID id) {
        return breaks.currencyOf(id)
                .orElseThrow(() -> BREAK_NOT_FOUND.because("No such break of a currency."));
    }

    /** A wrong amount is matched already, and what is missing has no line. */
    private static Held requireParked(Held held) {
        var isLoose =
                switch (held.type()) {
                    case UNKNOWN_EXTERNAL,
                            AMBIGUOUS,
                            DIRECTION_MISMATCH,
                            CURRENCY_MISMATCH,
                            DUPLICATE_LINE ->
                            true;
                    default -> false;
                };
        if (!isLoose || held.line() == null || held.parked() == 0) {
            throw BREAK_HOLDS_NONE.because("A " + held.type() + " has no line that is loose.");
        }
        return held;
    }

    private void requireSmall(long difference, Currency currency) {
        if (Math.abs(difference) > config.writeOffMax()) {
            throw WRITE_OFF_TOO_LARGE
                    .because("The amounts differ by more than may be written off.")
                    .with("max", new Money(config.writeOffMax(), currency));
        }
    }

    /** What all that is named comes to. */
    private long expected(Held held, Currency currency, Said said) {
        var wrongSide = held.isBank() ? said.items() : said.payouts();
        var items = new HashSet<>(said.items());
        var payouts = new HashSet<Line.Key>();
        said.payouts().forEach(it -> payouts.add(new Line.Key(it.fileId(), it.lineNumber())));
        var sum = 0L;
        if (held.isBank()) {
            for (var it : worlds.payoutsUnderWay(currency)) {
                if (payouts.remove(it.key())) {
                    sum = Math.addExact(sum, -it.net());
                }
            }
        } else {
            for (var it : expectations.find(currency, items)) {
                items.remove(it.item());
                sum = Math.addExact(sum, it.minor());
            }
        }
        if (!wrongSide.isEmpty() || !items.isEmpty() || !payouts.isEmpty()) {
            throw ITEM_NOT_EXPECTED.because(
                    held.isBank()
                            ? "An entry of the bank is payouts that are under way."
                            : "A line of the processor is what we still expect.");
        }
        return sum;
    }

    private void settle(Held held, Currency currency, Said said, long expected, String method) {
        var match = ids.next();
        runs.match(currency, held.line(), said.items(), method, match);
        said.payouts()
                .forEach(
                        it ->
                                runs.match(
                                        currency,
                                        new Line.Key(it.fileId(), it.lineNumber()),
                                        List.of(),
                                        method,
                                        match));
        var posting = posting(match, held.parked(), expected, currency);
        breaks.end(held.id(), BreakResolution.MANUAL_MATCH, posting.id());
        breaks.resolveMissing(currency);
        Books.post(ledger, List.of(posting));
        runs.advance(currency);
        position.require(currency);
    }

    /** Out of suspense, to what was expected; the rest is ours. */
    private Posting posting(UUID id, long parked, long expected, Currency currency) {
        var lines = new ArrayList<Posting.Line>();
        var suspense = Leg.suspense(parked, false).account(currency);
        lines.add(new Posting.Line(suspense, -parked));
        lines.add(new Posting.Line(Account.cardClearing(currency), expected));
        if (parked != expected) {
            lines.add(
                    new Posting.Line(new Account(Kind.LOSSES, null, currency), parked - expected));
        }
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
        var held = requireParked(work.open(forced.breakId()));
        var expected = expected(held, currency, forced.said());
        requireSmall(held.parked() - expected, currency);
        settle(held, currency, forced.said(), expected, "FORCED");
        breaks.note(
                List.of(held.id()),
                agreed.approvedBy(),
                "force-match",
                agreed.proposedBy() + ": " + agreed.reason());
    }
}
