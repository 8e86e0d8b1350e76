package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import kvit.ledger.Account.Kind;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;

/**
 * The invariant: what card clearing says that the processor owes us is exactly what is still
 * expected, and what sits in suspense is exactly what breaks have parked there.
 */
@ApplicationScoped
class Position {

    /**
     * Where a currency stands, all as what the processor owes us.
     *
     * @param clearing what the books say
     * @param expected what has not been in a file
     * @param underWay what the processor has paid and the bank has not shown
     * @param unpaid what it has settled and not paid
     * @param difference nothing, unless something is broken
     */
    record View(
            Currency currency,
            Money clearing,
            Money expected,
            Money underWay,
            Money unpaid,
            Money difference) {}

    private final Ledger ledger;
    private final Expectations expectations;
    private final Worlds worlds;
    private final RunStore runs;

    Position(Ledger ledger, Expectations expectations, Worlds worlds, RunStore runs) {
        this.ledger = ledger;
        this.expectations = expectations;
        this.worlds = worlds;
        this.runs = runs;
    }

    /** Read all at one moment. */
    View of(Currency currency) {
        return ledger.asOfOneMoment(() -> read(currency, List.of()));
    }

    private View read(Currency currency, Collection<Posting> ahead) {
        var sums = expectations.sums(currency);
        var clearing = new Money(sums.clearing() - credited(ahead, Kind.CARD_CLEARING), currency);
        var expected = new Money(sums.expected(), currency);
        var underWay = new Money(worlds.sumUnderWay(currency), currency);
        var unpaid = new Money(runs.unpaid(currency), currency);
        return new View(
                currency,
                clearing,
                expected,
                underWay,
                unpaid,
                clearing.minus(expected).minus(underWay).minus(unpaid));
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
        if (view.difference().minor() != 0) {
            throw new IllegalStateException("card clearing is not what is still expected: " + view);
        }
    }
}
