package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.BREAK_NOT_FOUND;
import static kvit.reconcile.ReconcileProblem.ITEM_NOT_EXPECTED;
import static kvit.reconcile.ReconcileProblem.NOT_A_LOSS;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Account.Kind;
import kvit.ledger.Ledger;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.reconcile.BreakStore.Held;
import kvit.reconcile.WriteOff.Loss;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Two want that we bear what is short, or what will not come any more. What came and belongs to
 * somebody else is nobody's to write off.
 */
@ApplicationScoped
class WriteOff implements FourEyes<Loss> {

    /** What we bear; more than nothing. */
    record Loss(UUID breakId, Money amount) {}

    private final WorkOnBreaks work;
    private final BreakStore breaks;
    private final RunStore runs;
    private final Expectations expectations;
    private final Unpaid unpaid;
    private final Position position;
    private final LossLimits limits;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;

    WriteOff(
            WorkOnBreaks work,
            BreakStore breaks,
            RunStore runs,
            Expectations expectations,
            Unpaid unpaid,
            Position position,
            LossLimits limits,
            Ledger ledger,
            Clock clock,
            Ids ids) {
        this.work = work;
        this.breaks = breaks;
        this.runs = runs;
        this.expectations = expectations;
        this.unpaid = unpaid;
        this.position = position;
        this.limits = limits;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What two would have to want.
     *
     * @throws Problem BREAK_NOT_FOUND, BREAK_RESOLVED, NOT_A_LOSS, WRITE_OFF_TOO_LARGE
     */
    Loss loss(UUID id) {
        var currency =
                breaks.currencyOf(id)
                        .orElseThrow(() -> BREAK_NOT_FOUND.because("No such break of a currency."));
        return ledger.asOfOneMoment(() -> loss(work.openToRead(id), currency));
    }

    private Loss loss(Held held, Currency currency) {
        var loss = isMissing(held) ? held.minor() : -held.parked();
        if (loss <= 0) {
            throw NOT_A_LOSS.because("Nothing of it is short.");
        }
        limits.require(loss, currency);
        return new Loss(held.id(), new Money(loss, currency));
    }

    /**
     * What was expected, or kept; a payout on its way is settled with what shows that it is lost.
     */
    private static boolean isMissing(Held held) {
        return held.type() == Fault.MISSING_EXTERNAL && held.line() == null;
    }

    @Override
    public String action() {
        return "reconciliation.write-off";
    }

    @Override
    public Class<Loss> payload() {
        return Loss.class;
    }

    @Override
    public String resource(Loss loss) {
        return loss.breakId().toString();
    }

    @Override
    public String basis(Loss loss) {
        return work.basis(loss.breakId());
    }

    /**
     * Bears it.
     *
     * @throws Problem as {@link #loss}, and ITEM_NOT_EXPECTED where it has just come
     */
    @Override
    public void carryOut(Loss agreedLoss, Agreed agreed) {
        var currency = agreedLoss.amount().currency();
        runs.lock(currency);
        var held = work.open(agreedLoss.breakId());
        var loss = loss(held, currency).amount().minor();
        var id = ids.next();
        Account from;
        if (isMissing(held)) {
            giveUp(held, currency, id);
            from = Account.cardClearing(currency);
        } else {
            from = new Account(Kind.SUSPENSE_SHORTFALL, null, currency);
        }
        breaks.end(held.id(), BreakResolution.WRITTEN_OFF, id);
        breaks.note(
                List.of(held.id()),
                agreed.approvedBy(),
                "write-off",
                agreed.proposedBy() + ": " + agreed.reason());
        runs.advance(currency);
        var postings =
                List.of(
                        Books.posting(
                                id,
                                Books.KIND + "write-off",
                                clock.instant(),
                                from,
                                Account.losses(currency),
                                loss));
        position.require(currency, postings);
        Books.post(ledger, postings);
    }

    private void giveUp(Held held, Currency currency, UUID match) {
        var item = held.item();
        var isThere =
                item == null
                        ? unpaid.forget(held.id(), held.minor())
                        : !expectations.find(currency, Set.of(item)).isEmpty();
        if (!isThere) {
            throw ITEM_NOT_EXPECTED.because("It has come.");
        }
        if (item != null) {
            runs.match(currency, List.of(), Set.of(item), "FORCED", match);
        }
    }
}
