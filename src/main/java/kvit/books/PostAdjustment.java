package kvit.books;

import static kvit.books.BooksProblem.ACCOUNT_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** A posting by hand: what nobody caused and two people want. */
@ApplicationScoped
class PostAdjustment implements FourEyes<Adjustment> {

    /** Of a posting by hand; nothing else in the books is of that kind. */
    static final String KIND = "adjustment";

    private final Ledger ledger;
    private final LookUp lookUp;
    private final Periods periods;
    private final Clock clock;

    PostAdjustment(Ledger ledger, LookUp lookUp, Periods periods, Clock clock) {
        this.ledger = ledger;
        this.lookUp = lookUp;
        this.periods = periods;
        this.clock = clock;
    }

    @Override
    public String action() {
        return "books.adjustment";
    }

    @Override
    public Class<Adjustment> payload() {
        return Adjustment.class;
    }

    /** Each is one of its own; any number may wait. */
    @Override
    public String resource(Adjustment adjustment) {
        return adjustment.posting().toString();
    }

    /** It says itself all that it does; what the books allow is asked when it is carried out. */
    @Override
    public String basis(Adjustment adjustment) {
        return "posting";
    }

    /**
     * Before anybody is asked to approve it.
     *
     * @throws Problem VALIDATION_FAILED, ACCOUNT_NOT_FOUND, POSTING_UNBALANCED, PERIOD_CLOSED
     */
    void check(Adjustment adjustment) {
        requirePossible(adjustment);
        periods.requireOpen(adjustment.effectiveOn());
    }

    private void requirePossible(Adjustment adjustment) {
        adjustment.requireForm(today());
        for (var line : adjustment.lines()) {
            // The first posting opens an account, and nobody should open one by a slip of the pen.
            if (line.kind() == Account.Kind.WALLET && !lookUp.isOpen(line.account())) {
                throw ACCOUNT_NOT_FOUND.because(
                        "%s has no wallet in %s."
                                .formatted(line.owner(), line.amount().currency()));
            }
        }
        adjustment.requireBalance();
    }

    /**
     * @throws Problem what {@link #check} throws, INSUFFICIENT_FUNDS, BALANCE_OUT_OF_RANGE
     */
    @Override
    public void carryOut(Adjustment adjustment, Agreed agreed) {
        requirePossible(adjustment);
        periods.requireOpenAndKeepSo(adjustment.effectiveOn());
        var outcome =
                ledger.post(
                                List.of(
                                        new Posting(
                                                adjustment.posting(),
                                                KIND,
                                                effectiveAt(adjustment.effectiveOn()),
                                                adjustment.lines().stream()
                                                        .map(Adjustment.Line::line)
                                                        .toList(),
                                                null,
                                                null)))
                        .get(0);
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
    }

    /** Of a day of before its last moment: whatever looks at that day's end sees it. */
    private Instant effectiveAt(@Nullable LocalDate day) {
        return day == null || !day.isBefore(today())
                ? clock.instant()
                : DayTotals.begin(day.plusDays(1)).minus(1, ChronoUnit.MICROS);
    }

    private LocalDate today() {
        return DayTotals.day(clock.instant());
    }
}
