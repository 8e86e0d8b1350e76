package kvit.card;

import static io.restassured.RestAssured.given;
import static kvit.money.Currency.EUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import kvit.money.Money;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.RawHttp;
import kvit.support.Sql;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door by which Stripe tells us things. */
@KvitTest
class NoticeTest {

    private static final String SECRET = "whsec_of_tests";

    @Inject Notices notices;
    @Inject Clock clock;
    @Inject Ids ids;

    @ParameterizedTest
    @ValueSource(strings = {SECRET, "whsec_of_tests_before"})
    void aSignedNoticeIsTakenOnceHoweverOftenItComes(String secret) {
        var event = event(ids.next());

        post(event, StripeWebhookTest.signed(event, secret, clock.instant())).statusCode(204);
        post(event, StripeWebhookTest.signed(event, secret, clock.instant())).statusCode(204);

        assertThat(waiting(event)).hasSize(1);
    }

    @Test
    void aNoticeThatIsNotSignedIsRefusedAndNotKept() {
        var event = event(ids.next());

        post(event, StripeWebhookTest.signed(event, "whsec_else", clock.instant()))
                .statusCode(400)
                .body("code", equalTo("notice-signature-invalid"));
        post(event, null).statusCode(400);

        assertThat(waiting(event)).isEmpty();
    }

    @Test
    void whatIsNothingOfOursIsTakenAndNotKept() {
        var event = event(ids.next()).replace("payout.paid", "customer.created");

        post(event, StripeWebhookTest.signed(event, SECRET, clock.instant())).statusCode(204);

        assertThat(waiting(event)).isEmpty();
    }

    @Test
    void aNoticeIsActedOnByOneWhoeverElseTries() {
        var event = event(ids.next());
        post(event, StripeWebhookTest.signed(event, SECRET, clock.instant())).statusCode(204);
        var delivery = waiting(event).get(0);

        assertThat(inTransaction(() -> notices.done(delivery))).isTrue();
        assertThat(inTransaction(() -> notices.done(delivery))).isFalse();

        assertThat(waiting(event)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update processor_notice set name = 'another'",
                "delete from processor_notice",
                "truncate processor_notice cascade"
            })
    void nobodyChangesWhatWasTold(String sql) throws SQLException {
        var event = event(ids.next());
        post(event, StripeWebhookTest.signed(event, SECRET, clock.instant())).statusCode(204);

        assertThatRefused(Sql.asOwner(), sql, "the books are append-only");
        assertThatRefused(Sql.asApp(), sql, "permission denied for table processor_notice");
    }

    private static void assertThatRefused(Connection role, String sql, String why)
            throws SQLException {
        try (role;
                var statement = role.createStatement()) {
            assertThatThrownBy(() -> statement.execute(sql))
                    .hasMessageContaining(why)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            it -> assertThat(it.getSQLState()).isEqualTo("42501"));
        }
    }

    /** A dispute may have several rounds: which are the same is for whoever acts on them. */
    @Test
    void whatIsToldOfADisputeIsKeptEachTime() {
        var dispute = ids.next();

        for (var i = 0; i < 2; i++) {
            takeSigned(disputed("charge.dispute.created", dispute));
            takeSigned(disputed("charge.dispute.funds_withdrawn", dispute));
            takeSigned(disputed("charge.dispute.funds_reinstated", dispute));
        }

        var name = "pi_" + dispute;
        var money = new Money(500, EUR);
        var withdrawn = new Notice.Chargeback(name, "dp_" + dispute, money, "fraudulent");
        var reinstated = new Notice.ChargebackReversed(name, "dp_" + dispute, money);
        assertThat(notices.waiting(10_000).stream().map(Notice.Delivery::notice))
                .filteredOn(it -> it.toString().contains(name))
                .containsExactly(withdrawn, reinstated, withdrawn, reinstated);
    }

    @Test
    void twoDisputesOfOneChargeAreTwo() {
        var charge = ids.next();
        var other = disputed("charge.dispute.funds_withdrawn", charge).replace("dp_", "dp_2_");
        takeSigned(disputed("charge.dispute.funds_withdrawn", charge));
        takeSigned(other);

        assertThat(notices.waiting(10_000).stream().map(Notice.Delivery::notice))
                .filteredOn(it -> it.toString().contains("pi_" + charge))
                .hasSize(2);
    }

    @Test
    void aRefundIsSettledOnceAndMayFailAfterwards() {
        var refund = ids.next();

        takeSigned(refunded("succeeded", refund));
        takeSigned(refunded("succeeded", refund));
        takeSigned(refunded("failed", refund));

        assertThat(notices.waiting(10_000).stream().map(Notice.Delivery::notice))
                .filteredOn(it -> it.toString().contains("re_" + refund))
                .containsExactly(
                        new Notice.RefundSettled(refund, "re_" + refund),
                        new Notice.RefundFailed(refund, "re_" + refund, "failed"));
    }

    @Test
    void whatWasActedOnIsKeptAndLiesInNobodysWay() {
        var event = event(ids.next());
        takeSigned(event);
        var delivery = waiting(event).get(0);

        assertThat(inTransaction(() -> notices.done(delivery))).isTrue();

        assertThat(
                        Sql.<Integer>column(
                                "select 1 from processor_notice where id = ?", delivery.id()))
                .hasSize(1);
        assertThat(
                        Sql.<Integer>column(
                                "select 1 from processor_notice_waiting where id = ?",
                                delivery.id()))
                .isEmpty();
        takeSigned(event);
        assertThat(waiting(event)).isEmpty();
    }

    @Test
    void whatIsSignedAndCannotBeReadIsTaken() {
        for (var event : List.of("nonsense", "{}", event(ids.next()).replace("42", "null"))) {
            takeSigned(event);

            assertThat(waiting(event)).isEmpty();
        }
    }

    /** By whatever way the length is told: everybody may knock here. */
    @Test
    void aBodyOfMoreThan64KilobytesIsRefused() throws Exception {
        var large = event(ids.next()) + " ".repeat(64 * 1024);
        var bytes = large.getBytes(StandardCharsets.UTF_8);
        var signature = StripeWebhookTest.signed(large, SECRET, clock.instant());

        for (var body :
                List.of(
                        BodyPublishers.ofByteArray(bytes),
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))) {
            var answer = send(body, signature);

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("body-too-large");
        }
    }

    @Test
    void aBodyWithoutAnAnnouncedLengthIsRead() throws Exception {
        var event = event(ids.next());
        var body =
                BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));

        var answer = send(body, StripeWebhookTest.signed(event, SECRET, clock.instant()));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(waiting(event)).hasSize(1);
    }

    @Test
    void bytesThatAreNoTextAreNotWhatWasSigned() throws Exception {
        var event = event(ids.next());
        var body = BodyPublishers.ofByteArray(event.getBytes(StandardCharsets.ISO_8859_1));

        var answer = send(body, StripeWebhookTest.signed(event, SECRET, clock.instant()));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("notice-signature-invalid");
    }

    @Test
    void noBodyAtAllIsNotWhatWasSigned() throws Exception {
        var answer = send(BodyPublishers.noBody(), "t=1,v1=00");

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> send(BodyPublisher body, String signature) throws Exception {
        return RawHttp.send(
                RawHttp.request("/v1/processor-notices/stripe")
                        .header("Content-Type", "application/json")
                        .header("Stripe-Signature", signature)
                        .POST(body));
    }

    private void takeSigned(String event) {
        post(event, StripeWebhookTest.signed(event, SECRET, clock.instant())).statusCode(204);
    }

    private String disputed(String type, UUID dispute) {
        return """
        {"id": "evt_%s", "object": "event", "created": 42, "type": "%s",
         "data": {"object": {"id": "dp_%s", "payment_intent": "pi_%s", "amount": 500,
                             "currency": "eur", "reason": "fraudulent", "metadata": {}}}}
        """
                .formatted(ids.next(), type, dispute, dispute);
    }

    private String refunded(String status, UUID refund) {
        return """
        {"id": "evt_%s", "object": "event", "created": 42, "type": "refund.updated",
         "data": {"object": {"id": "re_%s", "status": "%s", "metadata": {"kvit_id": "%s"}}}}
        """
                .formatted(ids.next(), refund, status, refund);
    }

    private static boolean inTransaction(java.util.concurrent.Callable<Boolean> work) {
        return QuarkusTransaction.requiringNew().call(work);
    }

    private List<Notice.Delivery> waiting(String event) {
        return notices.waiting(10_000).stream()
                .filter(it -> event.contains("\"" + it.id() + "\""))
                .toList();
    }

    private static ValidatableResponse post(String event, String signature) {
        var request = given().header("Content-Type", "application/json; charset=utf-8");
        if (signature != null) {
            request.header("Stripe-Signature", signature);
        }
        return request.body(event).post("/v1/processor-notices/stripe").then();
    }

    private static String event(UUID id) {
        return """
        {"id": "evt_%s", "object": "event", "created": 42, "type": "payout.paid",
         "data": {"object": {"id": "po_é", "metadata": {"kvit_id": "%s"}}}}
        """
                .formatted(id, id);
    }
}
