package kvit.transfer;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.idempotency.Answer;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Giving money back: in parts, never more than was sent, and only by whoever got it. */
@KvitTest
class RefundTest {

    @Inject Teller teller;

    TestPerson anna;
    TestPerson boris;
    String transfer;

    @BeforeEach
    void somethingToGiveBack() {
        anna = TestPerson.with(10_00, "USD");
        boris = TestPerson.fresh();
        transfer =
                anna.post(
                                "/v1/transfers",
                                "k",
                                Map.of(
                                        "payee", Map.of("customerId", boris.id()),
                                        "amount", money(10_00, "USD"),
                                        "note", "Taxi",
                                        "reference", "order-7",
                                        "conversation", "chat-42"))
                        .statusCode(201)
                        .extract()
                        .path("id");
    }

    @Test
    void givesAPartBack() {
        boris.refund(transfer, 2_50, "USD", "r")
                .statusCode(201)
                .body("state", equalTo("completed"))
                .body("payer.id", equalTo(boris.id().toString()))
                .body("payee.id", equalTo(anna.id().toString()))
                .body("amount", equalTo(shown(2_50, "USD")))
                .body("fee", equalTo(shown(0, "USD")))
                .body("refundOf", equalTo(transfer))
                .body("reference", equalTo("order-7"))
                .body("conversation", equalTo("chat-42"))
                .body("refunded", equalTo(shown(0, "USD")));

        assertThat(anna.balance("USD")).isEqualTo(2_50);
        assertThat(boris.balance("USD")).isEqualTo(7_50);
        assertOriginal("completed", 2_50);
    }

    @Test
    void givesAllThatIsLeftBackByDefault() {
        boris.refund(transfer, 2_50, "USD", "r1").statusCode(201);
        refundAll("r2").statusCode(201).body("amount", equalTo(shown(7_50, "USD")));

        assertThat(anna.balance("USD")).isEqualTo(10_00);
        assertThat(boris.balance("USD")).isZero();
        assertOriginal("refunded", 10_00);
    }

    @Test
    void givesItBackInPartsAndNeverMoreThanWasSent() {
        boris.fund(100_00, "USD");
        boris.refund(transfer, 10_01, "USD", "r0")
                .statusCode(422)
                .body("code", equalTo("refund-exceeds-transfer"))
                .body("remaining", equalTo(shown(10_00, "USD")));
        boris.refund(transfer, 6_00, "USD", "r1").statusCode(201);
        boris.refund(transfer, 4_01, "USD", "r2")
                .statusCode(422)
                .body("code", equalTo("refund-exceeds-transfer"))
                .body("remaining", equalTo(shown(4_00, "USD")));
        assertOriginal("completed", 6_00);
        boris.refund(transfer, 4_00, "USD", "r3").statusCode(201);
        assertOriginal("refunded", 10_00);
        boris.refund(transfer, 1, "USD", "r4")
                .statusCode(422)
                .body("code", equalTo("refund-exceeds-transfer"))
                .body("remaining", equalTo(shown(0, "USD")));
        refundAll("r5").statusCode(422).body("code", equalTo("refund-exceeds-transfer"));

        assertThat(anna.balance("USD")).isEqualTo(10_00);
        assertThat(boris.balance("USD")).isEqualTo(100_00);
        // A refusal is the first answer, too.
        boris.refund(transfer, 10_01, "USD", "r0")
                .statusCode(422)
                .header("Idempotency-Replayed", "true")
                .body("remaining", equalTo(shown(10_00, "USD")));
    }

    @Test
    void isRefusedToThePayerAndHiddenFromStrangers() {
        anna.refund(transfer, 1_00, "USD", "r")
                .statusCode(403)
                .body("code", equalTo("not-the-payee"));
        var vera = TestPerson.with(10_00, "USD");
        vera.refund(transfer, 1_00, "USD", "r")
                .statusCode(404)
                .body("code", equalTo("transfer-not-found"));
        vera.refund(UUID.randomUUID().toString(), 1_00, "USD", "r")
                .statusCode(404)
                .body("code", equalTo("transfer-not-found"));
        vera.refund("not-an-id", 1_00, "USD", "r").statusCode(404);
        assertOriginal("completed", 0);
    }

    @Test
    void isRefusedForADeclinedTransfer() {
        var declined =
                anna.send(boris, 10_00, "USD", "again")
                        .statusCode(422)
                        .extract()
                        .<String>path("transferId");

        boris.refund(declined, 1_00, "USD", "r").statusCode(404);
        anna.refund(declined, 1_00, "USD", "r").statusCode(403);
        assertThat(boris.balance("USD")).isEqualTo(10_00);
    }

    @Test
    void isRefusedForARefund() {
        var refund = boris.refund(transfer, 4_00, "USD", "r").extract().<String>path("id");
        anna.refund(refund, 1_00, "USD", "r")
                .statusCode(422)
                .body("code", equalTo("transfer-not-refundable"));
        assertThat(anna.balance("USD")).isEqualTo(4_00);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"amount\":{\"minor\":100,\"currency\":\"EUR\"}}",
                "{\"amount\":{\"minor\":0,\"currency\":\"USD\"}}",
                "{\"amount\":{\"minor\":-100,\"currency\":\"USD\"}}",
                "{\"amount\":{\"minor\":1.5,\"currency\":\"USD\"}}",
                "{\"amount\":100}",
                "{\"minor\":100,\"currency\":\"USD\"}",
                "{\"fee\":0}",
                "{\"payee\":{\"phone\":\"+12025550100\"}}",
                "null",
                "[]",
                ""
            })
    void refusesWhatIsNoRefund(String body) {
        var answer = Http.post(boris, "/v1/transfers/" + transfer + "/refunds", "r", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(boris.balance("USD")).isEqualTo(10_00);
        assertThat(refundAll("r").statusCode(201).extract().header("Idempotency-Replayed"))
                .isNull();
    }

    @Test
    void keepsThatTheMoneyWasSpent() {
        var vera = TestPerson.fresh();
        boris.send(vera, 9_00, "USD", "spent").statusCode(201);

        var body = "{\"amount\":{\"minor\":1000,\"currency\":\"USD\"}}";
        var refused = Http.post(boris, "/v1/transfers/" + transfer + "/refunds", "r", body);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(JsonPath.from(refused.body()).getString("code")).isEqualTo("insufficient-funds");
        assertOriginal("completed", 0);

        boris.fund(50_00, "USD");
        var replay = Http.post(boris, "/v1/transfers/" + transfer + "/refunds", "r", body);
        assertThat(replay.body()).isEqualTo(refused.body());
        assertThat(replay.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(anna.balance("USD")).isZero();
        boris.refund(transfer, 10_00, "USD", "new").statusCode(201);
    }

    @Test
    void isRefusedWhileOneOfTheTwoIsFrozen() {
        Sql.run("update customer set state = 'FROZEN' where id = ?", anna.id());
        refundAll("r").statusCode(422).body("code", equalTo("customer-frozen"));
        assertOriginal("completed", 0);
    }

    @Test
    void answersAReplayWithTheFirstRefund() {
        var path = "/v1/transfers/" + transfer + "/refunds";
        var first = Http.post(boris, path, "r", "{}");
        assertThat(first.statusCode()).isEqualTo(201);
        var replay = Http.post(boris, path, "\"r\"", " { \"amount\" : null } ");

        assertThat(replay.statusCode()).isEqualTo(201);
        assertThat(replay.body()).isEqualTo(first.body());
        assertThat(replay.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(boris.balance("USD")).isZero();
        // The amount that it came to is not what was asked for.
        boris.refund(transfer, 10_00, "USD", "r")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
    }

    @Test
    void refusesTheKeyOfATransfer() {
        boris.send(anna, 1_00, "USD", "k").statusCode(201);
        boris.refund(transfer, 1_00, "USD", "k")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        boris.refund(transfer, 1_00, "USD", "r").statusCode(201);
        boris.send(anna, 1_00, "USD", "r")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        assertThat(boris.balance("USD")).isEqualTo(8_00);
    }

    @Test
    void standsInBothHistories() {
        var refund = boris.refund(transfer, 2_50, "USD", "r").extract().<String>path("id");

        for (var person : List.of(anna, boris)) {
            person.get("/v1/transfers")
                    .body("items.id", equalTo(List.of(refund, transfer)))
                    .body("items[0].refundOf", equalTo(transfer))
                    .body("items[1].refundOf", nullValue())
                    .body("items[1].refunded", equalTo(shown(2_50, "USD")));
            person.get("/v1/transfers/" + refund).statusCode(200);
            person.get("/v1/me/entries")
                    .body("items[0].postingId", equalTo(refund))
                    .body("items[0].kind", equalTo("refund"));
        }
        anna.get("/v1/transfers?direction=received").body("items.id", equalTo(List.of(refund)));
        anna.get("/v1/transfers?state=refunded").body("items", hasSize(0));
        refundAll("rest").statusCode(201);
        anna.get("/v1/transfers?state=refunded").body("items.id", equalTo(List.of(transfer)));
    }

    @Test
    void succeedsAsOftenAsItFitsWhereAHundredRace() throws Exception {
        boris.fund(1_000_00, "USD");
        var path = "/v1/transfers/" + transfer + "/refunds";
        var tasks = new ArrayList<Callable<Integer>>();
        for (var number = 0; number < 100; number++) {
            var key = "r" + number;
            tasks.add(
                    () ->
                            Http.post(
                                            boris,
                                            path,
                                            key,
                                            "{\"amount\":{\"minor\":30,\"currency\":\"USD\"}}")
                                    .statusCode());
        }
        var statuses = Race.run(32, tasks);

        // 33 times 0.30 fit into 10.00, a 34th does not.
        assertThat(statuses).containsOnly(201, 422);
        assertThat(statuses.stream().filter(it -> it == 201)).hasSize(33);
        assertOriginal("completed", 9_90);
        assertThat(anna.balance("USD")).isEqualTo(9_90);
        assertThat(boris.balance("USD")).isEqualTo(1_000_10);
    }

    @Test
    void decidesEachOfAListOnWhatTheOneBeforeItLeft() {
        var vera = TestPerson.with(5_00, "USD");
        var veras = vera.send(boris, 5_00, "USD", "v").extract().<String>path("id");
        var ours = UUID.fromString(transfer);
        var theirs = UUID.fromString(veras);
        boris.fund(100_00, "USD");

        var answers =
                teller.refund(
                        List.of(
                                teller.refund(boris, ours, 6_00L, "r1"),
                                teller.refund(boris, theirs, 5_00L, "r2"),
                                teller.refund(boris, ours, 5_00L, "r3"),
                                teller.refund(boris, ours, 6_00L, "r1"),
                                teller.refund(boris, theirs, null, "r4"),
                                teller.refund(boris, ours, null, "r5"),
                                teller.refund(boris, ours, 1L, "r6")));

        assertThat(answers)
                .extracting(Answer::status)
                .containsExactly(201, 201, 422, 201, 422, 201, 422);
        assertThat(answers.get(3).body()).isEqualTo(answers.get(0).body());
        assertThat(JsonPath.from(answers.get(5).body()).getInt("amount.minor")).isEqualTo(4_00);
        assertOriginal("refunded", 10_00);
        assertThat(anna.balance("USD")).isEqualTo(10_00);
        assertThat(vera.balance("USD")).isEqualTo(5_00);
        assertThat(boris.balance("USD")).isEqualTo(100_00);
    }

    private ValidatableResponse refundAll(String key) {
        return boris.post("/v1/transfers/" + transfer + "/refunds", key, Map.of());
    }

    private void assertOriginal(String state, int refunded) {
        anna.get("/v1/transfers/" + transfer)
                .body("state", equalTo(state))
                .body("amount", equalTo(shown(10_00, "USD")))
                .body("refunded", equalTo(shown(refunded, "USD")));
    }

    /** As it is read: RestAssured makes an Integer of what fits into one. */
    private static Map<String, Object> shown(int minor, String currency) {
        return Map.of("minor", minor, "currency", currency);
    }
}
