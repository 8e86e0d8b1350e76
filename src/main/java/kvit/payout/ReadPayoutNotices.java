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

    @Override
    public boolean take(Notice.Delivery delivery) {
        var notice = delivery.notice();
        if (notice instanceof Notice.PayoutPaid it) {
            return isKnown(it.operation());
        }
        return notice instanceof Notice.PayoutFailed it && isKnown(it.operation());
    }

    private boolean isKnown(UUID push) {
        return payouts.dueNow(push, clock.instant()) || payouts.isKnown(push);
    }
}
