package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.card.Notice;
import kvit.card.NoticeReader;
import org.jboss.logging.Logger;

/** Reads what the processor tells of disputes, of which there is nothing to ask. */
@ApplicationScoped
class ReadDisputeNotices implements NoticeReader {

    private static final Logger LOG = Logger.getLogger(ReadDisputeNotices.class);

    private final SettleDisputes disputes;
    private final WinDispute winDispute;

    ReadDisputeNotices(SettleDisputes disputes, WinDispute winDispute) {
        this.disputes = disputes;
        this.winDispute = winDispute;
    }

    @Override
    public boolean take(Notice.Delivery delivery) {
        var notice = delivery.notice();
        if (notice instanceof Notice.Chargeback it) {
            return disputes.receive(delivery, it);
        }
        return notice instanceof Notice.ChargebackReversed it && winDispute.win(delivery, it);
    }

    @Override
    public void stray(Notice.Delivery delivery) {
        if (disputes.isKnown(delivery)) {
            LOG.errorf(
                    "notice %s does not follow from what was told of its dispute", delivery.id());
        }
    }
}
