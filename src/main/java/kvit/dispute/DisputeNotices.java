package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;

/** What the owners of contested charges are told; what speaks for us is not theirs to know. */
@ApplicationScoped
class DisputeNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                Telling.one(
                        DisputeReceived.class,
                        DisputeReceived::customer,
                        "dispute.received",
                        it ->
                                new DisputeNotice(
                                        it.dispute(),
                                        it.card(),
                                        it.topUp(),
                                        it.amount(),
                                        it.held(),
                                        null,
                                        null,
                                        it.receivedAt())),
                Telling.one(
                        DisputeWon.class,
                        DisputeWon::customer,
                        "dispute.won",
                        it ->
                                new DisputeNotice(
                                        it.dispute(),
                                        it.card(),
                                        it.topUp(),
                                        it.amount(),
                                        it.heldOn(),
                                        null,
                                        it.creditBack(),
                                        it.wonAt())),
                Telling.one(
                        DisputeLost.class,
                        DisputeLost::customer,
                        "dispute.lost",
                        it ->
                                new DisputeNotice(
                                        it.dispute(),
                                        it.card(),
                                        it.topUp(),
                                        it.amount(),
                                        null,
                                        it.taken(),
                                        null,
                                        it.lostAt())),
                Telling.one(
                        DisputeCredited.class,
                        DisputeCredited::customer,
                        "dispute.credited",
                        it ->
                                new DisputeNotice(
                                        it.dispute(),
                                        null,
                                        null,
                                        it.amount(),
                                        null,
                                        null,
                                        null,
                                        it.at())),
                Telling.one(
                        DisputeCreditReturned.class,
                        DisputeCreditReturned::customer,
                        "dispute.credit_returned",
                        it ->
                                new DisputeNotice(
                                        it.dispute(),
                                        null,
                                        null,
                                        it.amount(),
                                        null,
                                        null,
                                        null,
                                        it.at())));
    }
}
