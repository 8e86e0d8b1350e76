package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.card.Notice;
import kvit.card.NoticeReader;

/** Reads what the processor tells of disputes, of which there is nothing to ask. */
@ApplicationScoped
class ReadDisputeNotices implements NoticeReader {

    private final SettleDisputes disputes;

    ReadDisputeNotices(SettleDisputes disputes) {
        this.disputes = disputes;
    }

    @Override
    public boolean take(Notice.Delivery delivery) {
        var notice = delivery.notice();
        if (notice instanceof Notice.Chargeback it) {
            return disputes.receive(delivery, it);
        }
        return notice instanceof Notice.ChargebackReversed it && disputes.win(delivery, it);
    }
}
