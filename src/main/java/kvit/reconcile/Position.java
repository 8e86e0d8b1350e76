package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import kvit.ledger.Account.Kind;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The invariant: what card clearing says that the processor owes us is exactly what is still
 * expected, and what sits in suspense is exactly what open breaks have parked there.
 */
@ApplicationScoped
class Position {

    /**
     * Where a currency stands; of clearing all as what the processor owes us.
     *
     * @param clearing what the books say
     * @param expected what has not been in a file
     * @param underWay what the processor has paid and the bank has not shown
     * @param unpaid what it has settled and not paid
     * @param difference nothing, unless something is broken
     * @param unapplied what the books say that nobody has claimed
     * @param shortfall what they say that is short, below zero by that
     * @param suspenseDifference how far both are off what open breaks have parked: nothing, too
     */
    @Schema(name = "PositionView")
    record View(
            Currency currency,
            Money clearing,
            Money expected,
            Money underWay,
            Money unpaid,
            Money difference,
            Money unapplied,
            Money shortfall,
            Money suspenseDifference) {}

    private final Ledger ledger;
    private final Expectations expectations;
    private final FileLines lines;
    private final Unpaid unpaid;
    private final BreakStore breaks;

    Position(
            Ledger ledger,
            Expectations expectations,
            FileLines lines,
            Unpaid unpaid,
            BreakStore breaks) {
        this.ledger = ledger;
        this.expectations = expectations;
        this.lines = lines;
        this.unpaid = unpaid;
        this.breaks = breaks;
    }

    /** Read all at one moment. */
    View of(Currency currency) {
        return ledger.asOfOneMoment(() -> read(currency, List.of()));
    }

    private View read(Currency currency, Collection<Posting> ahead) {
        var sums = expectations.sums(currency);
        var suspense = breaks.suspense(currency);
        var clearing = new Money(sums.clearing() - credited(ahead, Kind.CARD_CLEARING), currency);
        var expected = new Money(sums.expected(), currency);
        var underWay = new Money(lines.sumUnderWay(currency), currency);
        var kept = new Money(unpaid.sum(currency), currency);
        var unapplied = suspense.unapplied() + credited(ahead, Kind.SUSPENSE_UNAPPLIED);
        var shortfall = suspense.shortfall() + credited(ahead, Kind.SUSPENSE_SHORTFALL);
        // Each by itself: too much in one does not make up for too little in the other.
        var apart =
                Math.abs(unapplied - suspense.parkedAbove())
                        + Math.abs(shortfall - suspense.parkedBelow());
        return new View(
                currency,
                clearing,
                expected,
                underWay,
                kept,
                clearing.minus(expected).minus(underWay).minus(kept),
                new Money(unapplied, currency),
                new Money(shortfall, currency),
                new Money(apart, currency));
    }

    private static long credited(Collection<Posting> postings, Kind kind) {
        return postings.stream()
                .flatMap(it -> it.lines().stream())
                .filter(it -> it.account().kind() == kind)
                .mapToLong(Posting.Line::minor)
                .sum();
    }

    /**
     * At the end of whatever changes it.
     *
     * @throws IllegalStateException when it does not hold, and nothing of the change stays
     */
    void require(Currency currency) {
        require(currency, List.of());
    }

    /**
     * The same before these are posted, when all else is written: who posts holds card clearing,
     * which every top-up waits for, and what is read here takes its time. Whatever is posted by
     * others in between is in both sides or in neither.
     *
     * @throws IllegalStateException when it would not hold
     */
    void require(Currency currency, Collection<Posting> ahead) {
        var view = read(currency, ahead);
        if (view.difference().minor() != 0 || view.suspenseDifference().minor() != 0) {
            throw new IllegalStateException(
                    "clearing is not what is expected, or suspense not what is parked: " + view);
        }
    }
}
