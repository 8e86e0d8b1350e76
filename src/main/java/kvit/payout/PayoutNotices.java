package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.card.Speed;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;

/** What the owners of payouts are told. */
@ApplicationScoped
class PayoutNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                Telling.one(
                        PayoutRequested.class,
                        PayoutRequested::customer,
                        "payout.requested",
                        it ->
                                new PayoutNotice(
                                        it.payout(),
                                        it.card(),
                                        it.amount(),
                                        it.fee(),
                                        null,
                                        it.speed(),
                                        null,
                                        null,
                                        it.createdAt())),
                Telling.one(
                        PayoutCompleted.class,
                        PayoutCompleted::customer,
                        "payout.paid",
                        it ->
                                new PayoutNotice(
                                        it.payout(),
                                        it.card(),
                                        it.amount(),
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        it.paidAt())),
                Telling.one(
                        PayoutDeclined.class,
                        PayoutDeclined::customer,
                        "payout.declined",
                        it ->
                                new PayoutNotice(
                                        it.payout(),
                                        it.card(),
                                        it.amount(),
                                        null,
                                        null,
                                        null,
                                        null,
                                        it.declineCode(),
                                        null)),
                Telling.one(
                        PayoutCancelled.class,
                        PayoutCancelled::customer,
                        "payout.cancelled",
                        it ->
                                new PayoutNotice(
                                        it.payout(),
                                        it.card(),
                                        it.amount(),
                                        null,
                                        it.feeReturned(),
                                        null,
                                        null,
                                        it.declineCode(),
                                        it.cancelledAt())),
                Telling.one(
                        PayoutSlowed.class,
                        PayoutSlowed::customer,
                        "payout.slowed",
                        it ->
                                new PayoutNotice(
                                        it.payout(),
                                        it.card(),
                                        it.amount(),
                                        null,
                                        it.feeReturned(),
                                        Speed.STANDARD,
                                        it.estimatedArrival(),
                                        null,
                                        null)),
                Telling.one(
                        PayoutReturned.class,
                        PayoutReturned::customer,
                        "payout.returned",
                        it ->
                                new PayoutNotice(
                                        it.payout(),
                                        it.card(),
                                        it.amount(),
                                        null,
                                        it.feeReturned(),
                                        null,
                                        null,
                                        it.declineCode(),
                                        it.returnedAt())));
    }
}
