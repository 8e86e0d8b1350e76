package kvit.books;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import kvit.operate.FourEyes;
import kvit.problem.Problem;

/** Opens a closed day again, and all after it: what was reported of them may change. */
@ApplicationScoped
class ReopenPeriod implements FourEyes<ReopenPeriod.Reopening> {

    record Reopening(LocalDate day) {}

    private final Periods periods;

    ReopenPeriod(Periods periods) {
        this.periods = periods;
    }

    @Override
    public String action() {
        return "books.reopening";
    }

    @Override
    public Class<Reopening> payload() {
        return Reopening.class;
    }

    @Override
    public String resource(Reopening reopening) {
        return reopening.day().toString();
    }

    /** Locked, or a day that is closed in this moment is opened with the others, unseen. */
    @Override
    public String basis(Reopening reopening) {
        return "closed up to " + periods.lockClosedDay();
    }

    /**
     * @throws Problem PERIOD_NOT_CLOSED
     */
    @Override
    public void carryOut(Reopening reopening, Agreed agreed) {
        periods.reopen(reopening.day(), agreed.proposedBy(), agreed.approvedBy(), agreed.reason());
    }
}
