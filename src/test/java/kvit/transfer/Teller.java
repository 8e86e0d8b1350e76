package kvit.transfer;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.identity.ClientApp;
import kvit.identity.PersonRef;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.support.TestPerson;
import org.jspecify.annotations.Nullable;

/** The use cases without HTTP: for what a request cannot ask for, and for many at once. */
@Singleton
class Teller {

    /** How a list may be sent: the answers are the same. */
    enum Way {
        /** As patiently as one transfer is sent. */
        PATIENTLY,
        /** As those of many callers are. */
        TOGETHER
    }

    private static final ClientApp WEB = new ClientApp("web", "The web", "web", "US", Set.of());

    private final SendMoney sendMoney;
    private final RefundTransfer refundTransfer;
    private final Attempts attempts;

    Teller(SendMoney sendMoney, RefundTransfer refundTransfer, Attempts attempts) {
        this.sendMoney = sendMoney;
        this.refundTransfer = refundTransfer;
        this.attempts = attempts;
    }

    ClientApp web() {
        return WEB;
    }

    /** Of US dollars, without a word. */
    Answer send(TestPerson payer, TestPerson payee, long minor, String key) {
        return send(List.of(attempt(payer, payee, minor, null, key))).get(0);
    }

    List<Answer> send(List<Attempt<SendMoney.Order>> list) {
        return sendMoney.send(list);
    }

    List<Answer> send(Way way, List<Attempt<SendMoney.Order>> list) {
        return way == Way.PATIENTLY
                ? send(list)
                : sendMoney.sendTogether(list).stream().map(SendMoney.Sent::answer).toList();
    }

    /** The same as the request over HTTP, so that either is a replay of the other. */
    Attempt<SendMoney.Order> attempt(
            TestPerson payer, TestPerson payee, long minor, @Nullable String note, String key) {
        return attempt(payer, payee.id(), minor, note, key);
    }

    Attempt<SendMoney.Order> attempt(
            TestPerson payer, UUID payee, long minor, @Nullable String note, String key) {
        var order = new SendMoney.Order(PersonRef.of(payee), usd(minor), note, null, null, null);
        return attempts.attempt(payer.id(), WEB, key, "/v1/transfers", order);
    }

    /** Of any money. */
    Attempt<SendMoney.Order> attempt(UUID payer, UUID payee, Money amount, String key) {
        var order = new SendMoney.Order(PersonRef.of(payee), amount, null, null, null, null);
        return attempts.attempt(payer, WEB, key, "/v1/transfers", order);
    }

    Attempt<RefundTransfer.Order> refund(
            TestPerson payee, UUID transfer, @Nullable Long minor, String key) {
        var order = new RefundTransfer.Order(transfer, minor == null ? null : usd(minor));
        return attempts.attempt(
                payee.id(), WEB, key, "/v1/transfers/" + transfer + "/refunds", order);
    }

    List<Answer> refund(List<Attempt<RefundTransfer.Order>> list) {
        return refundTransfer.refund(list);
    }

    private static Money usd(long minor) {
        return new Money(minor, Currency.USD);
    }
}
