package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.card.Notice;
import kvit.card.NoticeReader;
import kvit.source.Clock;

/** Reads what the processor tells of payouts: the worker is to ask about them now. */
@ApplicationScoped
class ReadPayoutNotices implements NoticeReader {

    private final PayoutStore payouts;
    private final Clock clock;

    ReadPayoutNotices(PayoutStore payouts, Clock clock) {
        this.payouts = payouts;
        this.clock = clock;
    }

    /**
     * What tells of an arrival has done its part when somebody is to ask: they go on asking. What
     * tells of a failure waits here until the money is back, because of what has arrived nobody
     * asks by themselves, and an answer may be older than the notice.
     */
    @Override
    public boolean take(Notice.Delivery delivery) {
        var notice = delivery.notice();
        if (notice instanceof Notice.PayoutFailed it) {
            return isAskedAbout(it.operation()) && !payouts.isStanding(it.operation());
        }
        return notice instanceof Notice.PayoutPaid it && isAskedAbout(it.operation());
    }

    private boolean isAskedAbout(UUID push) {
        return payouts.dueNow(push, clock.instant()) || payouts.isKnown(push);
    }
}
