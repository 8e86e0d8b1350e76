package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;
import kvit.notice.Told;

/**
 * What the two people of a transfer are told. Its payee hears of it when it is completed, and of
 * nothing that waits: a promise that may come to nothing would be taken for money.
 */
@ApplicationScoped
class TransferNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                new Telling<>(TransferCompleted.class, TransferNotices::both),
                Telling.one(
                        TransferReversed.class,
                        TransferReversed::customer,
                        "transfer.reversed",
                        it -> TransferNotice.of(it)),
                Telling.one(
                        TransferAwaitsConfirmation.class,
                        TransferAwaitsConfirmation::payer,
                        "transfer.requires_confirmation",
                        it ->
                                TransferNotice.sent(
                                        it.transfer(),
                                        it.payee(),
                                        it.amount(),
                                        it.expiresAt(),
                                        null)),
                Telling.one(
                        TransferAwaitsReview.class,
                        TransferAwaitsReview::payer,
                        "transfer.pending",
                        it ->
                                TransferNotice.sent(
                                        it.transfer(),
                                        it.payee(),
                                        it.amount(),
                                        it.expiresAt(),
                                        null)),
                Telling.one(
                        TransferAwaitsPayee.class,
                        TransferAwaitsPayee::payer,
                        "transfer.pending",
                        it ->
                                TransferNotice.sent(
                                        it.transfer(),
                                        it.payee(),
                                        it.amount(),
                                        it.expiresAt(),
                                        null)),
                Telling.one(
                        TransferClaimed.class,
                        TransferClaimed::payer,
                        "transfer.claimed",
                        it ->
                                TransferNotice.sent(
                                        it.transfer(), it.payee(), it.amount(), null, null)),
                Telling.one(
                        TransferDeclined.class,
                        TransferDeclined::payer,
                        "transfer.declined",
                        it ->
                                TransferNotice.sent(
                                        it.transfer(), null, it.amount(), null, it.declineCode())),
                Telling.one(
                        TransferCancelled.class,
                        TransferCancelled::payer,
                        "transfer.cancelled",
                        it ->
                                TransferNotice.sent(
                                        it.transfer(), it.payee(), it.amount(), null, null)),
                Telling.one(
                        TransferExpired.class,
                        TransferExpired::payer,
                        "transfer.expired",
                        it ->
                                TransferNotice.sent(
                                        it.transfer(), it.payee(), it.amount(), null, null)));
    }

    private static List<Told> both(TransferCompleted event) {
        return List.of(
                told(event, event.payer(), TransferNotice.SENT),
                told(event, event.payee(), TransferNotice.RECEIVED));
    }

    private static Told told(TransferCompleted event, UUID customer, String direction) {
        return new Told(customer, "transfer.completed", TransferNotice.of(event, direction));
    }
}
