package kvit.transfer;

import static io.restassured.RestAssured.given;
import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sending money, from the outside: HTTP in, HTTP out, and the balances afterwards. */
@KvitTest
class TransferTest {

    static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.with(10_00, "USD");
        boris = TestPerson.fresh();
    }

    @Test
    void movesTheMoney() {
        anna.send(boris, 4_00, "USD", "k").statusCode(201).body("amount.minor", equalTo(4_00));

        assertThat(anna.balance("USD")).isEqualTo(6_00);
        assertThat(boris.balance("USD")).isEqualTo(4_00);
    }

    @Test
    void movesAllThatIsThereButNotOneCentMore() {
        anna.send(boris, 10_01, "USD", "k1")
                .statusCode(422)
                .body("code", equalTo("insufficient-funds"))
                .body("available", equalTo(shown(10_00, "USD")));
        anna.send(boris, 10_00, "USD", "k2").statusCode(201);

        assertThat(anna.balance("USD")).isZero();
        assertThat(boris.balance("USD")).isEqualTo(10_00);
    }

    @Test
    void answersWithTheWholeTransfer() {
        change(anna, Map.of("displayName", "Anna A.", "handle", handle("anna", anna)));
        var before = Instant.now();

        var answer =
                post(Map.of(
                                "payee", Map.of("customerId", boris.id()),
                                "amount", money(4_00, "USD"),
                                "note", "For the taxi",
                                "visibility", "public",
                                "reference", "order-7",
                                "conversation", "chat-42"))
                        .statusCode(201)
                        .contentType(ContentType.JSON)
                        .header("Idempotency-Replayed", nullValue())
                        .header("Cache-Control", "no-store")
                        .header("Request-Id", notNullValue())
                        .body("state", equalTo("completed"))
                        .body("payer.id", equalTo(anna.id().toString()))
                        .body("payer.displayName", equalTo("Anna A."))
                        .body("payer.handle", equalTo(handle("anna", anna)))
                        .body("payee.id", equalTo(boris.id().toString()))
                        .body("payee.displayName", nullValue())
                        .body("amount", equalTo(shown(4_00, "USD")))
                        .body("fee", equalTo(shown(0, "USD")))
                        .body("note", equalTo("For the taxi"))
                        .body("visibility", equalTo("private"))
                        .body("fundingSource", equalTo("wallet"))
                        .body("reference", equalTo("order-7"))
                        .body("conversation", equalTo("chat-42"))
                        .body("refunded", equalTo(shown(0, "USD")))
                        .body("declineCode", nullValue())
                        .extract()
                        .body()
                        .jsonPath();

        assertThat(answer.<String, Object>getMap("$").keySet())
                .containsExactlyInAnyOrder(
                        "id",
                        "state",
                        "payer",
                        "payee",
                        "amount",
                        "fee",
                        "note",
                        "visibility",
                        "fundingSource",
                        "reference",
                        "conversation",
                        "createdAt",
                        "completedAt",
                        "expiresAt",
                        "refunded",
                        "refundOf",
                        "declineCode");
        assertThat(answer.<String, Object>getMap("payer").keySet())
                .containsExactlyInAnyOrder("id", "displayName", "handle");
        assertThat(answer.<String, Object>getMap("payee").keySet())
                .containsExactlyInAnyOrder("id", "displayName", "handle");
        assertThat(UUID.fromString(answer.getString("id")).version()).isEqualTo(7);
        assertThat(answer.getString("createdAt")).matches(TIME);
        assertThat(answer.getString("completedAt")).matches(TIME);
        // The sandbox's clock may be ahead, but never behind.
        assertThat(Instant.parse(answer.getString("createdAt")))
                .isAfter(before.minus(Duration.ofMillis(1)));
        assertThat(Instant.parse(answer.getString("completedAt")))
                .isAfterOrEqualTo(Instant.parse(answer.getString("createdAt")));
    }

    @Test
    void findsThePayeeByIdByHandleAndByPhone() {
        var handle = handle("boris", boris);
        change(boris, Map.of("handle", handle));

        var ways =
                List.of(
                        Map.of("customerId", boris.id()),
                        Map.of("handle", handle),
                        Map.of("handle", "@" + handle.toUpperCase(Locale.ROOT)),
                        Map.of("phone", boris.phone()),
                        Map.of("phone", spaced(boris.phone())));
        for (var way : ways) {
            post(Map.of("payee", way, "amount", money(1_00, "USD")))
                    .statusCode(201)
                    .body("payee.id", equalTo(boris.id().toString()))
                    .body("payee.handle", equalTo(handle));
        }

        assertThat(boris.balance("USD")).isEqualTo(5_00);
    }

    static Stream<Object> payeesOfNobody() {
        return Stream.of(
                Map.of("customerId", UUID.randomUUID()),
                Map.of("handle", "nobody_at_all"),
                Map.of("handle", "!"),
                Map.of("phone", "not a phone"));
    }

    @ParameterizedTest
    @MethodSource("payeesOfNobody")
    void saysWhereAPayeeIsNobody(Object payee) {
        post(Map.of("payee", payee, "amount", money(1_00, "USD")))
                .statusCode(422)
                .body("code", equalTo("payee-not-found"))
                .body("retryable", equalTo(false))
                .body("transferId", notNullValue());
        assertThat(anna.balance("USD")).isEqualTo(10_00);
    }

    @Test
    void takesABlockedPayeeForNobody() {
        Sql.run("update customer set state = 'BLOCKED' where id = ?", boris.id());

        anna.send(boris, 1_00, "USD", "k").statusCode(422).body("code", equalTo("payee-not-found"));
        assertThat(anna.balance("USD")).isEqualTo(10_00);
    }

    @Test
    void refusesAPayeeNamedInTwoWaysOrInNone() {
        var id = boris.id().toString();
        for (var payee :
                List.of(
                        "{}",
                        "null",
                        "{\"customerId\":\"%s\",\"phone\":\"%s\"}".formatted(id, boris.phone()),
                        "{\"customerId\":\"%s\",\"handle\":\"boris\"}".formatted(id),
                        "{\"handle\":\"boris\",\"phone\":\"%s\"}".formatted(boris.phone()),
                        "{\"customerId\":null}",
                        "{\"customerId\":\"%s\",\"balance\":1}".formatted(id),
                        "{\"handle\":\"\"}",
                        "{\"handle\":\"" + "a".repeat(41) + "\"}",
                        "{\"customerId\":\"boris\"}",
                        "{\"customerId\":7}",
                        "\"" + id + "\"",
                        "[]")) {
            refused("{\"payee\":" + payee + ",\"amount\":{\"minor\":100,\"currency\":\"USD\"}}");
        }
        refused("{\"amount\":{\"minor\":100,\"currency\":\"USD\"}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"minor\":0,\"currency\":\"USD\"}",
                "{\"minor\":-0,\"currency\":\"USD\"}",
                "{\"minor\":-1,\"currency\":\"USD\"}",
                "{\"minor\":-100,\"currency\":\"USD\"}",
                "{\"minor\":12.5,\"currency\":\"USD\"}",
                "{\"minor\":1.0,\"currency\":\"USD\"}",
                "{\"minor\":1e2,\"currency\":\"USD\"}",
                "{\"minor\":\"100\",\"currency\":\"USD\"}",
                "{\"minor\":null,\"currency\":\"USD\"}",
                "{\"minor\":9007199254740992,\"currency\":\"USD\"}",
                "{\"minor\":9223372036854775808,\"currency\":\"USD\"}",
                "{\"minor\":18446744073709551716,\"currency\":\"USD\"}",
                "{\"minor\":100,\"currency\":\"usd\"}",
                "{\"minor\":100,\"currency\":\"XTS\"}",
                "{\"minor\":100,\"currency\":null}",
                "{\"minor\":100}",
                "{\"currency\":\"USD\"}",
                "{\"minor\":100,\"minor\":1,\"currency\":\"USD\"}",
                "{\"minor\":100,\"currency\":\"USD\",\"fee\":0}",
                "[100,\"USD\"]",
                "100",
                "1.00",
                "\"1.00 USD\"",
                "null",
                "{}"
            })
    void refusesAnyAmountThatIsNotAPositiveIntegerOfACurrency(String amount) {
        refused("{\"payee\":{\"customerId\":\"%s\"},\"amount\":%s}".formatted(boris.id(), amount));
    }

    @Test
    void pointsAtTheFieldThatIsWrong() {
        post(Map.of("payee", Map.of("customerId", boris.id()), "amount", money(-1, "USD")))
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body("errors.pointer", hasItem("/amount"));
        post(Map.of("payee", Map.of(), "amount", money(1, "USD")))
                .statusCode(400)
                .body("errors.pointer", hasItem("/payee"));
        post(Map.of("payee", Map.of("customerId", boris.id()), "amount", money(1, "USD"), "fee", 0))
                .statusCode(400)
                .body("errors.pointer", hasItem(endsWith("/fee")));
    }

    static Stream<String> protectedFields() {
        return Stream.of(
                "id",
                "balance",
                "fee",
                "state",
                "status",
                "payer",
                "payerId",
                "customerId",
                "role",
                "roles",
                "userId",
                "verified",
                "refunded",
                "refundOf",
                "createdAt",
                "completedAt",
                "declineCode",
                "key",
                "kind",
                "currency",
                "minor",
                "__proto__");
    }

    /** S-03 */
    @ParameterizedTest
    @MethodSource("protectedFields")
    void refusesFieldsThatAreNotTheSenders(String field) {
        var value =
                Map.of("payer", "{\"customerId\":\"%s\"}".formatted(boris.id()), "fee", "0")
                        .getOrDefault(field, "\"" + boris.id() + "\"");
        var payee = "\"payee\":{\"customerId\":\"%s\"}".formatted(boris.id());
        var amount = "\"amount\":{\"minor\":100,\"currency\":\"USD\"}";
        refused("{%s,%s,\"%s\":%s}".formatted(payee, amount, field, value));
        refused("{\"%s\":%s,%s,%s}".formatted(field, value, payee, amount));
        refused("{%s,%s,\"%s\":null}".formatted(payee, amount, field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"🎉", "ä", "你", "👩‍👩‍👧", "\n", "\"", "a"})
    void keepsANoteOf280CodePoints(String character) {
        var points = character.codePointCount(0, character.length());
        var note = character.repeat(280 / points) + "a".repeat(280 % points);
        assertThat(note.codePointCount(0, note.length())).isEqualTo(280);

        var id = send(Map.of("note", note)).statusCode(201).body("note", equalTo(note));
        boris.get("/v1/transfers/" + id.extract().path("id"))
                .statusCode(200)
                .body("note", equalTo(note));

        send(Map.of("note", note + "a")).statusCode(400).body("code", equalTo("validation-failed"));
        assertThat(boris.balance("USD")).isEqualTo(1_00);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\u0000",
                "a\\u0000b",
                "\\ud83d",
                "\\udf89",
                "a\\udf89\\ud83cb",
                "\\ud83d!"
            })
    void refusesTextThatCannotBeKept(String escaped) {
        for (var field : List.of("note", "reference", "conversation")) {
            refused(
                    ("{\"payee\":{\"customerId\":\"%s\"},"
                                    + "\"amount\":{\"minor\":100,\"currency\":\"USD\"},\"%s\":\"%s\"}")
                            .formatted(boris.id(), field, escaped));
        }
    }

    @Test
    void keepsReferenceAndConversationOf140CodePointsButNotEmptyOnes() {
        var longest = "🧾".repeat(140);
        send(Map.of("reference", longest, "conversation", longest))
                .statusCode(201)
                .body("reference", equalTo(longest))
                .body("conversation", equalTo(longest));
        for (var field : List.of("reference", "conversation")) {
            send(Map.of(field, longest + "a")).statusCode(400);
            send(Map.of(field, "")).statusCode(400);
        }
        assertThat(anna.balance("USD")).isEqualTo(9_00);
    }

    @Test
    void showsNoMoreThanTheStricterOfTheTwoWants() {
        var strictness = List.of("private", "friends", "public");
        for (var wish : strictness) {
            for (var payees : strictness) {
                change(boris, Map.of("visibility", payees));
                var stricter =
                        strictness.get(
                                Math.min(strictness.indexOf(wish), strictness.indexOf(payees)));
                send(10, Map.of("visibility", wish))
                        .statusCode(201)
                        .body("visibility", equalTo(stricter));
            }
        }
    }

    @Test
    void takesTheVisibilityFromThePayersProfileByDefault() {
        change(boris, Map.of("visibility", "public"));
        for (var profile : List.of("public", "friends", "private")) {
            change(anna, Map.of("visibility", profile));
            send(10, Map.of()).statusCode(201).body("visibility", equalTo(profile));
        }
        for (var unknown : List.of("PUBLIC", "everybody", "")) {
            send(10, Map.of("visibility", unknown)).statusCode(400);
        }
    }

    @Test
    void isSeenByBothAndByNobodyElse() {
        var id = anna.send(boris, 4_00, "USD", "k").extract().<String>path("id");

        var first = Http.get(anna, "/v1/transfers/" + id);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(Http.get(boris, "/v1/transfers/" + id).body()).isEqualTo(first.body());
        anna.get("/v1/transfers").body("items.id", equalTo(List.of(id)));
        boris.get("/v1/transfers").body("items.id", equalTo(List.of(id)));

        var vera = TestPerson.fresh();
        vera.get("/v1/transfers/" + id).statusCode(404).body("code", equalTo("transfer-not-found"));
        vera.get("/v1/transfers/" + UUID.randomUUID())
                .statusCode(404)
                .body("code", equalTo("transfer-not-found"));
        vera.get("/v1/transfers").body("items", hasSize(0));
        given().get("/v1/transfers/" + id).then().statusCode(401);
    }

    @Test
    void isADeclinedOneToThePayerAndNothingToThePayee() {
        var id = anna.send(boris, 11_00, "USD", "k").statusCode(422).extract().path("transferId");

        anna.get("/v1/transfers/" + id)
                .statusCode(200)
                .body("state", equalTo("declined"))
                .body("declineCode", equalTo("insufficient-funds"))
                .body("completedAt", nullValue())
                .body("amount", equalTo(shown(11_00, "USD")));
        boris.get("/v1/transfers/" + id).statusCode(404);
        assertThat(boris.balance("USD")).isZero();
    }

    @Test
    void standsInBothStatements() {
        var id = send(4_00, Map.of("note", "Taxi")).extract().<String>path("id");

        anna.get("/v1/me/entries?currency=USD")
                .statusCode(200)
                .body("items.amount.minor", equalTo(List.of(-4_00, 10_00)))
                .body("items.balanceAfter.minor", equalTo(List.of(6_00, 10_00)))
                .body("items.sequence", equalTo(List.of(2, 1)))
                .body("items.kind", equalTo(List.of("transfer", "funding")))
                .body("items[0].postingId", equalTo(id))
                .body("items[0].note", equalTo("Taxi"))
                .body("items[0].counterparty.id", equalTo(boris.id().toString()))
                .body("items[1].counterparty", nullValue());
        boris.get("/v1/me/entries?currency=USD")
                .statusCode(200)
                .body("items.amount.minor", equalTo(List.of(4_00)))
                .body("items[0].balanceAfter", equalTo(shown(4_00, "USD")))
                .body("items[0].postingId", equalTo(id))
                .body("items[0].note", equalTo("Taxi"))
                .body("items[0].counterparty.id", equalTo(anna.id().toString()));
    }

    @Test
    void theWalletIsTheOnlySourceOfMoneySoFar() {
        for (var source : Map.of("wallet", 201, "card", 400, "", 400).entrySet()) {
            var body =
                    Map.of(
                            "payee",
                            Map.of("customerId", boris.id()),
                            "amount",
                            money(1, "USD"),
                            "fundingSource",
                            source.getKey());
            anna.post("/v1/transfers", "from " + source.getKey(), body)
                    .statusCode(source.getValue());
        }
    }

    @Test
    void doesNotPayOneCurrencyFromAnothersWallet() {
        anna.fund(10_00, "EUR");
        anna.send(boris, 11_00, "USD", "k")
                .statusCode(422)
                .body("code", equalTo("insufficient-funds"))
                .body("available", equalTo(shown(10_00, "USD")));
        assertThat(anna.balance("USD")).isEqualTo(10_00);
    }

    /** Or anybody could fill a stranger's list of balances with all the currencies of the world. */
    @Test
    void opensNoWalletWhereNothingWasCredited() {
        anna.send(boris, 1, "EUR", "k1").statusCode(422);
        anna.send(boris, 11_00, "USD", "k2").statusCode(422);

        anna.get("/v1/me/balances").body("items.balance.currency", equalTo(List.of("USD")));
        boris.get("/v1/me/balances").body("items", hasSize(0));
        boris.get("/v1/me/entries").body("opening", hasSize(0)).body("closing", hasSize(0));
    }

    @Test
    void isRefusedWithoutAToken() {
        given().header("Idempotency-Key", "k")
                .contentType(ContentType.JSON)
                .body(
                        Map.of(
                                "payee", Map.of("customerId", boris.id()),
                                "amount", money(1, "USD")))
                .post("/v1/transfers")
                .then()
                .statusCode(401)
                .body("code", equalTo("unauthenticated"));
    }

    @Test
    void refusesABodyThatIsNone() {
        refused("", "validation-failed", "body-malformed");
        refused("null", "validation-failed");
        refused("[]", "validation-failed");
        refused("\"\"", "validation-failed");
        refused("{", "body-malformed");
        var good = body(1_00, Map.of());
        anna.request()
                .header("Idempotency-Key", "k")
                .contentType("text/plain")
                .body(good.toString())
                .post("/v1/transfers")
                .then()
                .statusCode(415);
        assertThat(anna.balance("USD")).isEqualTo(10_00);
    }

    @Test
    void tellsTheOutboxOnce() {
        var id = anna.send(boris, 4_00, "USD", "k").extract().<String>path("id");
        anna.send(boris, 4_00, "USD", "k").statusCode(201);

        assertThat(
                        Sql.<String>column(
                                "select topic from outbox where payload like '%' || ? || '%'", id))
                .containsExactly("TransferCompleted");
    }

    private ValidatableResponse send(Map<String, Object> more) {
        return send(1_00, more);
    }

    private ValidatableResponse send(long minor, Map<String, Object> more) {
        return post(body(minor, more));
    }

    private Map<String, Object> body(long minor, Map<String, Object> more) {
        var body = new HashMap<>(more);
        body.put("payee", Map.of("customerId", boris.id()));
        body.put("amount", money(minor, "USD"));
        return body;
    }

    private ValidatableResponse post(Object body) {
        return anna.post("/v1/transfers", UUID.randomUUID().toString(), body);
    }

    /** 400, nothing moved, nothing stored, and the key is still free. */
    private void refused(String json, String... codes) {
        var expected =
                codes.length == 0 ? List.of("validation-failed", "body-malformed") : List.of(codes);
        var response = Http.post(anna, "/v1/transfers", "refused", json);
        assertThat(response.statusCode()).as(json).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(JsonPath.from(response.body()).getString("code")).as(json).isIn(expected);
        anna.get("/v1/transfers").body("items", hasSize(0));
        assertThat(anna.balance("USD")).isEqualTo(10_00);
    }

    private static void change(TestPerson person, Map<String, Object> profile) {
        person.request()
                .contentType(ContentType.JSON)
                .body(profile)
                .patch("/v1/me")
                .then()
                .statusCode(200);
    }

    /** Nobody else's: the digits are those of a phone of one's own. */
    private static String handle(String name, TestPerson person) {
        return name + person.phone().substring(5);
    }

    private static String spaced(String phone) {
        return phone.replaceFirst("\\+1(\\d{3})(\\d{3})(\\d{4})", "+1 ($1) $2-$3");
    }

    /** As it is read: RestAssured makes an Integer of what fits into one. */
    private static Map<String, Object> shown(int minor, String currency) {
        return Map.of("minor", minor, "currency", currency);
    }
}
