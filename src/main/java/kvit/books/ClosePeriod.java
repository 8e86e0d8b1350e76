package kvit.books;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;

/** Closes a day: what was booked up to its end stays what it is. */
@ApplicationScoped
class ClosePeriod {

    private final Periods periods;
    private final SealBooks sealBooks;
    private final AuditTrail audit;
    private final AtWork atWork;

    ClosePeriod(Periods periods, SealBooks sealBooks, AuditTrail audit, AtWork atWork) {
        this.periods = periods;
        this.sealBooks = sealBooks;
        this.audit = audit;
        this.atWork = atWork;
    }

    /**
     * @throws Problem PERIOD_CLOSED, PERIOD_NOT_OVER, PERIOD_NOT_READY
     */
    Closing close(LocalDate day, String reason) {
        periods.requireOpen(day);
        // Nobody should be told to come back in five seconds.
        sealBooks.sealSome();
        return audit.recording(
                "books.close",
                day.toString(),
                reason,
                () -> periods.close(day, atWork.email(), reason));
    }
}
