package kvit.card;

import static kvit.money.Currency.EUR;
import static kvit.money.Currency.ISK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.net.Webhook;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.problem.ProblemType;
import kvit.source.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StripeWebhookTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final UUID ID = UUID.fromString("019a0000-0000-7000-8000-000000000001");
    private static final String NEW = "whsec_new";
    private static final String OLD = "whsec_old";
    private static final String OURS = "'metadata': {'kvit_id': '" + ID + "'}";
    private static final String PAID =
            event("payout.paid", "'id': 'po_1', 'object': 'payout', " + OURS);

    private static final String DISPUTE =
            "'id': 'dp_1', 'payment_intent': 'pi_1', 'amount': 500, 'currency': 'isk',"
                    + " 'reason': 'fraudulent', 'metadata': {}";

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    static Stream<Arguments> events() {
        return Stream.of(
                Arguments.of(
                        "payment_intent.succeeded",
                        "'id': 'pi_1', 'amount_received': 1250, 'currency': 'eur', " + OURS,
                        new Notice.ChargeSettled(ID, "pi_1", new Money(1250, EUR))),
                Arguments.of(
                        "payment_intent.payment_failed",
                        "'id': 'pi_1', 'last_payment_error': {'code': 'card_declined',"
                                + " 'decline_code': 'insufficient_funds'}, "
                                + OURS,
                        new Notice.ChargeFailed(ID, "pi_1", "insufficient_funds")),
                Arguments.of(
                        "payment_intent.payment_failed",
                        "'id': 'pi_1', 'last_payment_error': {'code': 'expired_card',"
                                + " 'decline_code': null}, "
                                + OURS,
                        new Notice.ChargeFailed(ID, "pi_1", "expired_card")),
                Arguments.of(
                        "charge.dispute.created",
                        DISPUTE,
                        new Notice.Ignored("charge.dispute.created")),
                Arguments.of(
                        "charge.dispute.closed",
                        DISPUTE,
                        new Notice.Ignored("charge.dispute.closed")),
                Arguments.of(
                        "charge.dispute.funds_withdrawn",
                        DISPUTE,
                        new Notice.Chargeback("pi_1", "dp_1", new Money(5, ISK), "fraudulent")),
                Arguments.of(
                        "charge.dispute.funds_withdrawn",
                        DISPUTE.replace("'fraudulent'", "null"),
                        new Notice.Chargeback("pi_1", "dp_1", new Money(5, ISK), "unknown")),
                Arguments.of(
                        "charge.dispute.funds_withdrawn",
                        DISPUTE + ", 'evidence_details': {'due_by': 1795000000}",
                        new Notice.Chargeback(
                                "pi_1",
                                "dp_1",
                                new Money(5, ISK),
                                "fraudulent",
                                Instant.ofEpochSecond(1_795_000_000))),
                Arguments.of(
                        "charge.dispute.funds_withdrawn",
                        DISPUTE + ", 'evidence_details': {'due_by': 0}",
                        new Notice.Chargeback("pi_1", "dp_1", new Money(5, ISK), "fraudulent")),
                Arguments.of(
                        "charge.dispute.funds_reinstated",
                        DISPUTE,
                        new Notice.ChargebackReversed("pi_1", "dp_1", new Money(5, ISK))),
                Arguments.of(
                        "refund.updated",
                        "'id': 're_1', 'status': 'succeeded', " + OURS,
                        new Notice.RefundSettled(ID, "re_1")),
                Arguments.of(
                        "refund.updated",
                        "'id': 're_1', 'status': 'pending', " + OURS,
                        new Notice.Ignored("refund.updated")),
                Arguments.of(
                        "refund.updated",
                        "'id': 're_1', 'status': 'canceled', " + OURS,
                        new Notice.RefundFailed(ID, "re_1", "canceled")),
                Arguments.of(
                        "refund.failed",
                        "'id': 're_1', 'status': 'failed', 'failure_reason': 'lost_or_stolen_card', "
                                + OURS,
                        new Notice.RefundFailed(ID, "re_1", "lost_or_stolen_card")),
                Arguments.of(
                        "refund.failed",
                        "'id': 're_1', 'status': 'failed', 'metadata': {}",
                        new Notice.Ignored("refund.failed")),
                Arguments.of(
                        "payout.paid", "'id': 'po_1', " + OURS, new Notice.PayoutPaid(ID, "po_1")),
                Arguments.of(
                        "payout.failed",
                        "'id': 'po_1', 'failure_code': 'account_closed', " + OURS,
                        new Notice.PayoutFailed(ID, "po_1", "account_closed")),
                Arguments.of(
                        "payout.canceled",
                        "'id': 'po_1', 'failure_code': null, " + OURS,
                        new Notice.PayoutFailed(ID, "po_1", "canceled")),
                Arguments.of(
                        "payout.updated",
                        "'id': 'po_1', 'status': 'in_transit', " + OURS,
                        new Notice.Ignored("payout.updated")),
                Arguments.of(
                        "payout.paid",
                        "'id': 'po_1', 'metadata': {}",
                        new Notice.Ignored("payout.paid")),
                Arguments.of(
                        "payment_intent.succeeded",
                        "'id': 'pi_1', 'metadata': {'kvit_id': 'of another system'}",
                        new Notice.Ignored("payment_intent.succeeded")),
                Arguments.of(
                        "customer.created",
                        "'id': 'cus_1'",
                        new Notice.Ignored("customer.created")));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("events")
    void anEventIsRead(String type, String object, Notice notice) {
        var event = event(type, object);

        assertThat(webhook().read(event, signed(event, NEW, NOW)))
                .isEqualTo(
                        new Notice.Delivery("stripe", "evt_1", Instant.ofEpochSecond(42), notice));
    }

    /** As Connect sends it: with the account in which the payout is, and a secret of its own. */
    @Test
    void anEventOfAConnectedAccountIsReadLikeOneOfOurs() {
        var event =
                PAID.replace("{\"id\": \"evt_1\",", "{\"id\": \"evt_1\", \"account\": \"acct_1\",");

        assertThat(event).contains("acct_1");
        assertThat(webhook().read(event, signed(event, OLD, NOW)))
                .isEqualTo(
                        new Notice.Delivery(
                                "stripe",
                                "evt_1",
                                Instant.ofEpochSecond(42),
                                new Notice.PayoutPaid(ID, "po_1")));
        assertRefused(
                NoticeProblem.NOTICE_SIGNATURE_INVALID, event, signed(event, "whsec_else", NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {NEW, OLD})
    void eachOfTwoSecretsIsGood(String secret) {
        assertThat(webhook().read(PAID, signed(PAID, secret, NOW)).id()).isEqualTo("evt_1");
    }

    @Test
    void oneGoodSignatureAmongOthersIsEnough() {
        var header = signed(PAID, NEW, NOW) + ",v1=" + "0".repeat(64) + ",v0=whatever";

        assertThat(webhook().read(PAID, header).id()).isEqualTo("evt_1");
    }

    @ParameterizedTest(name = "{0} s old: refused {1}")
    @CsvSource({"0, false", "299, false", "300, false", "301, true", "86400, true"})
    void anOldSignatureIsRefused(long seconds, boolean refused) {
        var header = signed(PAID, NEW, NOW.minusSeconds(seconds));
        if (refused) {
            assertRefused(NoticeProblem.NOTICE_SIGNATURE_INVALID, PAID, header);
        } else {
            assertThat(webhook().read(PAID, header).id()).isEqualTo("evt_1");
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", ",", "=", "t", "t=", "t=now,v1=0", "v1=0", "t=1,v1", "t=1"})
    void aHeaderThatIsNoSignatureIsRefused(String header) {
        assertRefused(NoticeProblem.NOTICE_SIGNATURE_INVALID, PAID, header);
    }

    @Test
    void aSignatureOfAnotherSecretOrAnotherTextIsRefused() {
        assertRefused(
                NoticeProblem.NOTICE_SIGNATURE_INVALID, PAID, signed(PAID, "whsec_else", NOW));
        assertRefused(NoticeProblem.NOTICE_SIGNATURE_INVALID, PAID + " ", signed(PAID, NEW, NOW));
    }

    @Test
    void withoutASecretNothingIsGood() {
        var webhook = webhook(Optional.empty());

        assertThatThrownBy(() -> webhook.read(PAID, signed(PAID, "", NOW)))
                .isInstanceOf(Problem.class);
    }

    static Stream<String> unreadable() {
        return Stream.of(
                "",
                "null",
                "[]",
                "{}",
                "{'id': 1}",
                "nonsense",
                "[".repeat(5_000),
                event("payment_intent.succeeded", "'id': 'pi_1', " + OURS),
                settled("'amount_received': 0, 'currency': 'eur'"),
                settled("'amount_received': -5, 'currency': 'eur'"),
                settled("'amount_received': 1.5, 'currency': 'eur'"),
                settled("'amount_received': 99999999999999999999, 'currency': 'eur'"),
                settled("'amount_received': 9223372036854775807, 'currency': 'mga'"),
                settled("'amount_received': 1250, 'currency': 'xxx'"),
                settled("'amount_received': 1250"),
                event("payment_intent.succeeded", "'id': '', " + OURS),
                event("charge.dispute.funds_withdrawn", DISPUTE.replace("'pi_1'", "null")),
                event("charge.dispute.funds_withdrawn", DISPUTE.replace("dp_1", "\\u0000")),
                event("charge.dispute.funds_withdrawn", DISPUTE.replace("dp_1", "\\ud800")),
                event("charge.dispute.funds_withdrawn", DISPUTE.replace("dp_1", "d".repeat(256))),
                event("refund.failed", "'id': 're_1', " + OURS),
                PAID.replace("42", "'yesterday'"),
                PAID.replace("42", "99999999999999999"));
    }

    private static String settled(String amount) {
        return event("payment_intent.succeeded", "'id': 'pi_1', " + amount + ", " + OURS);
    }

    /** Refused, it would be sent again for days, and never read any better. */
    @ParameterizedTest
    @MethodSource("unreadable")
    void whatIsSignedAndCannotBeReadIsIgnoredAndCounted(String event) {
        var payload = event.replace('\'', '"');
        var webhook = webhook(Optional.of(List.of(NEW)));

        assertThat(webhook.read(payload, signed(payload, NEW, NOW)).notice())
                .isEqualTo(new Notice.Ignored("unreadable"));

        assertThat(metrics.counter("kvit.processor.notices.unreadable").count()).isEqualTo(1);
    }

    @Test
    void aWordThatNoTableTakesIsLeftOut() {
        var event =
                event("charge.dispute.funds_withdrawn", DISPUTE.replace("fraudulent", "\\u0000"));

        assertThat(webhook().read(event, signed(event, NEW, NOW)).notice())
                .isEqualTo(new Notice.Chargeback("pi_1", "dp_1", new Money(5, ISK), "unknown"));
    }

    private void assertRefused(ProblemType type, String payload, String header) {
        assertThatThrownBy(() -> webhook().read(payload, header))
                .isInstanceOfSatisfying(Problem.class, it -> assertThat(it.type()).isEqualTo(type));
    }

    private StripeWebhook webhook() {
        return webhook(Optional.of(List.of(NEW, OLD)));
    }

    private StripeWebhook webhook(Optional<List<String>> secrets) {
        return new StripeWebhook(
                ProcessorSettings.withWebhookSecrets(secrets),
                new Clock(InstantSource.fixed(NOW)),
                metrics);
    }

    static String signed(String payload, String secret, Instant at) {
        try {
            return Webhook.Signature.generateSignatureHeader(
                    payload, secret.isEmpty() ? "none" : secret, at.getEpochSecond());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String event(String type, String object) {
        return """
               {'id': 'evt_1', 'object': 'event', 'created': 42, 'type': '%s',
                'data': {'object': {%s}}}
               """
                .formatted(type, object)
                .replace('\'', '"');
    }
}
