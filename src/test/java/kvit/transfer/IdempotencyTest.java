package kvit.transfer;

import static io.restassured.RestAssured.given;
import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.idempotency.Answer;
import kvit.idempotency.IdempotencyKey;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.support.Traces;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** I-01 to I-06: one intention, one transfer, and always the first answer. */
@KvitTest
class IdempotencyTest {

    static final String PATH = "/v1/transfers";

    /** POSTs that move no money and so take no key; a new one has to be put here by hand. */
    static final Set<String> WITHOUT_KEY =
            Set.of(
                    "/v1/sign-ins",
                    "/v1/sign-ins/{id}/confirmation",
                    "/v1/sign-ins/{id}/resend",
                    "/v1/sessions/refresh",
                    "/v1/me/pin/reset",
                    "/v1/quotes",
                    "/v1/transfers/{id}/confirmation",
                    "/v1/transfers/{id}/claim",
                    "/v1/transfers/{id}/confirmation/resend",
                    "/v1/requests/{id}/cancellation",
                    "/v1/requests/{id}/shares/{shareId}/decline",
                    "/v1/requests/{id}/shares/{shareId}/reminder",
                    "/v1/requests/{id}/shares/{shareId}/re-split",
                    "/v1/cards/{id}/verification",
                    "/v1/cards/{id}/verification/resend",
                    "/v1/admin/sign-ins",
                    "/v1/admin/enrolments",
                    "/v1/admin/approvals/{id}/approval",
                    "/v1/admin/approvals/{id}/rejection",
                    "/v1/admin/client-apps",
                    "/v1/admin/client-apps/{id}/secret",
                    "/v1/admin/client-apps/{id}/disablement",
                    "/v1/admin/customers/{id}/verification",
                    "/v1/admin/customers/{id}/freeze",
                    "/v1/admin/customers/{id}/unfreeze",
                    "/v1/admin/customers/{id}/limit-overrides",
                    "/v1/admin/transfers/{id}/reversal",
                    "/v1/admin/claims",
                    "/v1/admin/claims/{id}/investigation",
                    "/v1/admin/claims/{id}/rejection",
                    "/v1/admin/claims/{id}/credit",
                    "/v1/admin/claims/{id}/credit-return",
                    "/v1/admin/claims/{id}/acceptance",
                    "/v1/admin/disputes/{id}/evidence",
                    "/v1/admin/disputes/{id}/submission",
                    "/v1/admin/disputes/{id}/acceptance",
                    "/v1/admin/disputes/{id}/credit",
                    "/v1/admin/disputes/{id}/credit-return",
                    "/v1/admin/reviews/{id}",
                    "/v1/admin/operators",
                    "/v1/admin/operators/{id}/roles",
                    "/v1/admin/operators/{id}/invitation",
                    "/v1/admin/operators/{id}/disablement",
                    "/v1/admin/operators/{id}/enablement",
                    "/v1/admin/operators/{id}/reset",
                    "/v1/admin/ledger/postings",
                    "/v1/admin/ledger/postings/{id}/reversal",
                    "/v1/admin/ledger/periods/{day}/closing",
                    "/v1/admin/ledger/periods/{day}/reopening",
                    "/v1/admin/rules",
                    "/v1/admin/rules/dry-run",
                    "/v1/admin/rules/evaluation",
                    "/v1/admin/reconciliation/runs",
                    "/v1/admin/reconciliation/runs/{id}/submission",
                    "/v1/admin/reconciliation/runs/{id}/cancellation",
                    "/v1/admin/reconciliation/rules",
                    "/v1/admin/reconciliation/breaks/bulk",
                    "/v1/admin/reconciliation/breaks/{id}/assignment",
                    "/v1/admin/reconciliation/breaks/{id}/notes",
                    "/v1/admin/reconciliation/breaks/{id}/raising",
                    "/v1/admin/reconciliation/breaks/{id}/resolution",
                    "/v1/admin/reconciliation/breaks/{id}/reopening",
                    "/v1/admin/reconciliation/breaks/{id}/match",
                    "/v1/admin/reconciliation/breaks/{id}/forced-match",
                    "/v1/admin/reconciliation/breaks/{id}/write-off",
                    "/v1/admin/reconciliation/breaks/{id}/write-off-reversal",
                    "/v1/admin/reconciliation/breaks/settlement",
                    "/v1/admin/settlement-files",
                    "/v1/admin/settlement-files/{id}/withdrawal",
                    "/v1/admin/settlement-sources",
                    "/v1/admin/settlement-sources/{code}/chains",
                    "/v1/admin/webhook-endpoints",
                    "/v1/admin/webhook-endpoints/{id}/disablement",
                    "/v1/admin/webhook-endpoints/{id}/replays",
                    "/v1/admin/webhook-endpoints/{id}/secret",
                    "/v1/admin/webhook-endpoints/{id}/secret-renewal",
                    "/v1/admin/webhook-endpoints/{id}/test",
                    "/v1/people/matches",
                    "/v1/processor-notices/stripe",
                    "/v1/sandbox/processor/faults",
                    "/v1/sandbox/funding",
                    "/v1/sandbox/settlements",
                    "/v1/sandbox/clock");

    @Inject ObjectMapper json;
    @Inject Teller teller;

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.with(100_00, "USD");
        boris = TestPerson.fresh();
    }

    /** I-01 */
    @Test
    void everyPostThatMovesMoneyNeedsAKey() throws JsonProcessingException {
        var id = transferId(send("first", 10_00));
        var bodies =
                Map.of(
                        "/v1/transfers", body(boris, 1_00, Map.of()),
                        "/v1/transfers/{id}/refunds",
                                Map.<String, Object>of("amount", money(1, "USD")),
                        "/v1/transfers/{id}/cancellation", Map.<String, Object>of(),
                        "/v1/cards", Map.<String, Object>of(),
                        "/v1/top-ups", Map.<String, Object>of(),
                        "/v1/payouts", Map.<String, Object>of(),
                        "/v1/payouts/{id}/cancellation", Map.<String, Object>of(),
                        "/v1/requests", Map.<String, Object>of(),
                        "/v1/requests/{id}/shares/{shareId}/payment", Map.<String, Object>of());
        var posts = new HashSet<String>();
        var paths = json.readTree(given().get("/q/openapi?format=json").asString()).get("paths");
        for (var path : paths.properties()) {
            if (path.getValue().has("post")) {
                posts.add(path.getKey());
            }
        }
        posts.removeAll(WITHOUT_KEY);
        assertThat(posts).isEqualTo(bodies.keySet());

        var before = Traces.of(anna.id());
        for (var path : posts) {
            var person = path.endsWith("/refunds") ? boris : anna;
            assertThat(takesAKey(paths.get(path).get("post"))).as(path).isTrue();
            for (var blank : new String[] {null, "", "  "}) {
                var request = person.request().contentType(ContentType.JSON).body(bodies.get(path));
                (blank == null ? request : request.header(IdempotencyKey.HEADER, blank))
                        .post(path.replace("{id}", id).replace("{shareId}", id))
                        .then()
                        .statusCode(400)
                        .contentType("application/problem+json")
                        .body("code", equalTo("idempotency-key-missing"))
                        .body("type", equalTo("/problems/idempotency-key-missing"));
            }
        }
        assertThat(Traces.of(anna.id())).isEqualTo(before);
    }

    private static boolean takesAKey(JsonNode operation) {
        for (var parameter : operation.path("parameters")) {
            if (parameter.path("name").asText().equals(IdempotencyKey.HEADER)) {
                return parameter.path("in").asText().equals("header");
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"open", "\"\"", "\"a\"; b=1"})
    void refusesAKeyThatIsNone(String key) {
        anna.send(boris, 1_00, "USD", key)
                .statusCode(400)
                .body("code", equalTo("idempotency-key-invalid"));
        assertThat(anna.balance("USD")).isEqualTo(100_00);
    }

    @Test
    void takesTheQuotedKeyForTheBareOne() {
        var first = send("a \"key\"", 1_00);
        assertReplay(first, send("\"a \\\"key\\\"\"", 1_00));
        assertThat(boris.balance("USD")).isEqualTo(1_00);
    }

    /** I-03 */
    @Test
    void answersAReplayToTheByteHoweverItIsWritten() throws JsonProcessingException {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        System.out.println("IdempotencyTest: -Dkvit.seed=" + seed);
        var random = new Random(seed);
        var handle = "boris" + boris.phone().substring(5);
        change(boris, Map.of("handle", handle, "visibility", "public"));

        var asked = new ArrayList<Map<String, Object>>();
        var answers = new ArrayList<HttpResponse<String>>();
        for (var number = 0; number < 200; number++) {
            asked.add(randomRequest(random, handle));
            answers.add(post(anna, "k" + number, json.writeValueAsString(asked.get(number))));
            assertThat(answers.get(number).statusCode()).isIn(201, 422);
            assertThat(answers.get(number).headers().firstValue("Idempotency-Replayed")).isEmpty();
        }
        assertThat(answers).extracting(HttpResponse::statusCode).contains(201, 422);
        var before = Traces.of(anna.id());
        var balance = anna.balance("USD");

        var order = new ArrayList<>(Collections.nCopies(200, 0));
        order.replaceAll(it -> random.nextInt(200));
        for (var number : order) {
            var text = written(random, json.valueToTree(asked.get(number)));
            var key = random.nextBoolean() ? "k" + number : "\"k" + number + "\"";
            assertReplay(answers.get(number), post(anna, key, text));
        }
        assertThat(Traces.of(anna.id())).isEqualTo(before);
        assertThat(anna.balance("USD")).isEqualTo(balance);
    }

    private Map<String, Object> randomRequest(Random random, String handle) {
        var request = new LinkedHashMap<String, Object>();
        var payees =
                List.of(
                        Map.of("customerId", boris.id()),
                        Map.of("handle", handle),
                        Map.of("phone", boris.phone()),
                        Map.of("customerId", anna.id()),
                        Map.of("handle", "nobody_at_all"));
        request.put("payee", payees.get(random.nextInt(payees.size())));
        var minor = random.nextInt(10) == 0 ? 1_000_00 : 1 + random.nextInt(30);
        request.put("amount", money(minor, random.nextInt(10) == 0 ? "KWD" : "USD"));
        var texts = List.of("note", "reference", "conversation");
        for (var name : texts) {
            if (random.nextBoolean()) {
                request.put(name, randomText(random));
            }
        }
        if (random.nextBoolean()) {
            request.put(
                    "visibility", List.of("private", "friends", "public").get(random.nextInt(3)));
        }
        return request;
    }

    private static String randomText(Random random) {
        var letters = "ab \"\\/\n\té€漢🎉\u2028";
        var points = letters.codePoints().toArray();
        return random.ints(1 + random.nextInt(40), 0, points.length)
                .mapToObj(it -> Character.toString(points[it]))
                .collect(Collectors.joining());
    }

    /** The same JSON in other words: fields in any order, spaces, escapes. */
    private static String written(Random random, JsonNode node) {
        if (node.isObject()) {
            var fields = new ArrayList<String>();
            for (var field : node.properties()) {
                var name = escaped(random, field.getKey());
                var value = written(random, field.getValue());
                fields.add(name + space(random) + ":" + space(random) + value);
            }
            Collections.shuffle(fields, random);
            return "{" + space(random) + String.join("," + space(random), fields) + "}";
        }
        return node.isTextual() ? escaped(random, node.asText()) : node.toString();
    }

    private static String escaped(Random random, String text) {
        return text.codePoints()
                .mapToObj(
                        it ->
                                it < ' ' || it == '"' || it == '\\' || random.nextInt(4) == 0
                                        ? escaped(it)
                                        : Character.toString(it))
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static String escaped(int codePoint) {
        return Character.toString(codePoint)
                .chars()
                .mapToObj("\\u%04x"::formatted)
                .collect(Collectors.joining());
    }

    private static String space(Random random) {
        return List.of("", " ", "\n", "\t", "\r\n  ").get(random.nextInt(5));
    }

    /** I-04 */
    @Test
    void refusesAKeyThatWasUsedForAnythingElse() throws JsonProcessingException {
        var handle = "boris" + boris.phone().substring(5);
        change(boris, Map.of("handle", handle));
        var original =
                new LinkedHashMap<String, Object>(
                        Map.of(
                                "payee", Map.of("customerId", boris.id()),
                                "amount", money(10_00, "USD"),
                                "note", "Taxi",
                                "visibility", "private",
                                "reference", "order-7",
                                "conversation", "chat-42"));
        var first = post(anna, "k", json.writeValueAsString(original));
        assertThat(first.statusCode()).isEqualTo(201);
        var seen = Http.get(anna, PATH + "/" + transferId(first)).body();
        var before = Traces.of(anna.id());

        var changes = new ArrayList<Map.Entry<String, Object>>();
        changes.add(Map.entry("amount", money(10_01, "USD")));
        changes.add(Map.entry("amount", money(10_00, "EUR")));
        changes.add(Map.entry("payee", Map.of("customerId", anna.id())));
        changes.add(Map.entry("payee", Map.of("customerId", UUID.randomUUID())));
        changes.add(Map.entry("payee", Map.of("handle", handle)));
        changes.add(Map.entry("payee", Map.of("phone", boris.phone())));
        changes.add(Map.entry("note", "taxi"));
        changes.add(Map.entry("note", "Taxi "));
        changes.add(Map.entry("note", ""));
        changes.add(Map.entry("visibility", "public"));
        changes.add(Map.entry("reference", "order-8"));
        changes.add(Map.entry("conversation", "chat-43"));
        var mutants = new ArrayList<Map<String, Object>>();
        for (var change : changes) {
            var mutant = new LinkedHashMap<>(original);
            mutant.put(change.getKey(), change.getValue());
            mutants.add(mutant);
        }
        for (var removed : List.of("note", "visibility", "reference", "conversation")) {
            var mutant = new LinkedHashMap<>(original);
            mutant.remove(removed);
            mutants.add(mutant);
        }
        for (var mutant : mutants) {
            assertReused(first, post(anna, "k", json.writeValueAsString(mutant)));
        }

        assertReplay(first, post(anna, "k", json.writeValueAsString(original)));
        assertThat(Http.get(anna, PATH + "/" + transferId(first)).body()).isEqualTo(seen);
        assertThat(Traces.of(anna.id())).isEqualTo(before);
        assertThat(boris.balance("USD")).isEqualTo(10_00);
    }

    @Test
    void refusesAKeyThatWasUsedOnAnotherPath() {
        var first = send("k", 10_00);
        var back = boris.refund(transferId(first), 4_00, "USD", "k").statusCode(201);
        var second = back.extract().<String>path("id");

        var other = send("other", 10_00);
        // Boris' key stands for a refund: of another transfer it is another path.
        boris.refund(transferId(other), 4_00, "USD", "k")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"))
                .body("transferId", equalTo(second));
        boris.send(anna, 4_00, "USD", "k")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        anna.refund(second, 4_00, "USD", "k")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"))
                .body("transferId", equalTo(transferId(first)));
        assertThat(boris.balance("USD")).isEqualTo(16_00);
    }

    @Test
    void keepsARefusalEvenAfterTheMoneyHasArrived() {
        var refused = send("k", 100_01);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(code(refused)).isEqualTo("insufficient-funds");

        anna.fund(100_00, "USD");
        assertReplay(refused, send("k", 100_01));
        assertThat(boris.balance("USD")).isZero();

        assertThat(send("new", 100_01).statusCode()).isEqualTo(201);
    }

    @Test
    void keepsThatAPayeeWasNotFoundEvenAfterTheyHaveJoined() throws JsonProcessingException {
        var phone = Phones.next();
        var handle = "joined" + phone.substring(1);
        var body =
                json.writeValueAsString(
                        Map.of("payee", Map.of("handle", handle), "amount", money(1_00, "USD")));
        var refused = post(anna, "k", body);
        assertThat(code(refused)).isEqualTo("payee-not-found");

        var joined = TestPerson.signIn(phone);
        Sql.run("update customer set handle = ? where id = ?", handle, joined.id());
        assertReplay(refused, post(anna, "k", body));
        assertThat(joined.balance("USD")).isZero();
    }

    @Test
    void keepsEveryOtherRefusalToo() {
        var self = post(anna, "self", body(anna, 1_00));
        assertThat(code(self)).isEqualTo("payer-is-payee");

        freeze(anna, true);
        var frozen = post(anna, "frozen", body(boris, 1_00));
        assertThat(code(frozen)).isEqualTo("customer-frozen");
        freeze(anna, false);

        assertReplay(self, post(anna, "self", body(anna, 1_00)));
        assertReplay(frozen, post(anna, "frozen", body(boris, 1_00)));
        assertThat(anna.balance("USD")).isEqualTo(100_00);
    }

    @Test
    void namesTheDeclinedTransferInARefusal() {
        var refused = send("k", 100_01);
        var id = JsonPath.from(refused.body()).getString("transferId");

        assertThat(refused.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(JsonPath.from(refused.body()).getString("requestId"))
                .isEqualTo(refused.headers().firstValue("Request-Id").orElseThrow());
        anna.get(PATH + "/" + id).statusCode(200).body("state", equalTo("declined"));
    }

    /** I-06 */
    @Test
    void givesEveryPersonKeysOfTheirOwn() {
        var vera = TestPerson.with(100_00, "USD");
        var annas = send("k", 1_00);
        var veras = post(vera, "k", body(boris, 1_00));

        assertThat(veras.statusCode()).isEqualTo(201);
        assertThat(veras.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(transferId(veras)).isNotEqualTo(transferId(annas));
        assertThat(veras.body()).doesNotContain(anna.id().toString());
        assertReplay(annas, send("k", 1_00));
        assertReplay(veras, post(vera, "k", body(boris, 1_00)));
        assertThat(boris.balance("USD")).isEqualTo(2_00);
        // Another request under the key is nobody else's mistake.
        var yuri = TestPerson.with(100_00, "USD");
        assertThat(post(yuri, "k", body(boris, 7_00)).statusCode()).isEqualTo(201);
    }

    @Test
    void answersAReplayAsBeforeAlthoughThePayeeHasAnotherName() {
        change(boris, Map.of("displayName", "Boris"));
        var first = send("k", 1_00);
        change(boris, Map.of("displayName", "Bob", "visibility", "public"));
        change(anna, Map.of("displayName", "Ann"));

        assertThat(first.body()).contains("\"Boris\"");
        assertReplay(first, send("k", 1_00));
        anna.get(PATH + "/" + transferId(first)).body("payee.displayName", equalTo("Bob"));
    }

    @Test
    void answersAReplayAsBeforeAlthoughItWasRefunded() {
        var first = send("k", 1_00);
        boris.refund(transferId(first), 1_00, "USD", "back").statusCode(201);

        anna.get(PATH + "/" + transferId(first)).body("state", equalTo("refunded"));
        assertReplay(first, send("k", 1_00));
    }

    @Test
    void answersAReplayAsBeforeAlthoughThePayerIsFrozenOrThePayeeBlocked() {
        var first = send("k", 1_00);
        freeze(anna, true);
        Sql.run("update customer set state = 'BLOCKED' where id = ?", boris.id());

        assertReplay(first, send("k", 1_00));
    }

    @Test
    void keepsNoAnswerThatSaysNothingAboutTheMoney() throws JsonProcessingException {
        var before = Traces.of(anna.id());
        var id = UUID.randomUUID();
        assertThat(post(anna, "k", body(boris, -1)).statusCode()).isEqualTo(400);
        assertThat(post(anna, "k", "{").statusCode()).isEqualTo(400);
        assertThat(
                        post(
                                        new TestPerson("", anna.id(), "no.token.atall", "", false),
                                        "k",
                                        body(boris, 1))
                                .statusCode())
                .isEqualTo(401);
        assertThat(Http.post(anna, PATH + "/" + id + "/refunds", "k", "{}").statusCode())
                .isEqualTo(404);
        assertThat(Traces.of(anna.id())).isEqualTo(before);

        var first = send("k", 1_00);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        var other = Http.post(anna, PATH + "/" + transferId(first) + "/refunds", "k2", "{}");
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(send("k2", 1_00).statusCode()).isEqualTo(201);
    }

    @Test
    void answersAReplayThatIsNoLongerWellFormedWithItsFault() {
        send("k", 1_00);
        assertThat(post(anna, "k", body(boris, -1)).statusCode()).isEqualTo(400);
    }

    /** I-05 */
    @Test
    void carriesOutAHundredAtOnceOnce() throws Exception {
        var rounds = 5;
        for (var round = 0; round < rounds; round++) {
            var key = "round " + round;
            var body = body(boris, 1_00);
            var answers = Race.run(100, 100, () -> post(anna, key, body));

            assertThat(answers)
                    .extracting(HttpResponse::statusCode)
                    .contains(201)
                    .isSubsetOf(201, 409);
            var done = answers.stream().filter(it -> it.statusCode() == 201).toList();
            assertThat(done).extracting(HttpResponse::body).containsOnly(done.get(0).body());
            assertThat(done)
                    .filteredOn(it -> it.headers().firstValue("Idempotency-Replayed").isEmpty())
                    .hasSize(1);
            assertReplay(done.get(0), post(anna, key, body));
        }
        assertThat(boris.balance("USD")).isEqualTo(rounds * 1_00);
        anna.get(PATH + "?limit=100").body("items", hasSize(rounds));
    }

    @ParameterizedTest
    @EnumSource(Teller.Way.class)
    void answersEachOfAListForItself(Teller.Way way) {
        var vera = TestPerson.with(5_00, "USD");
        var known = teller.send(anna, boris, 1_00, "known");
        var twice = teller.attempt(anna, boris, 60_00, "twice", "twice");
        var list =
                List.of(
                        twice,
                        teller.attempt(anna, UUID.randomUUID(), 1_00, null, "nobody"),
                        teller.attempt(anna, boris, 60_00, null, "no longer covered"),
                        teller.attempt(anna, boris, 60_00, "twice", "twice"),
                        teller.attempt(anna, boris, 60_00, "another", "twice"),
                        teller.attempt(vera, boris, 5_00, null, "twice"),
                        teller.attempt(anna, anna, 1_00, null, "self"),
                        teller.attempt(anna, boris, 1_00, null, "known"),
                        teller.attempt(boris, vera, 66_00, null, "from what has just come"),
                        teller.attempt(anna, boris, 2_00, null, "known"),
                        twice);

        var answers = teller.send(way, list);

        assertThat(answers)
                .extracting(Answer::status)
                .containsExactly(201, 422, 422, 201, 422, 201, 422, 201, 201, 422, 201);
        assertThat(answers)
                .extracting(Answer::replayed)
                .containsExactly(
                        false, false, false, true, false, false, false, true, false, false, true);
        assertThat(answers.stream().filter(Answer::isProblem).map(IdempotencyTest::code))
                .containsExactly(
                        "payee-not-found",
                        "insufficient-funds",
                        "idempotency-key-reused",
                        "payer-is-payee",
                        "idempotency-key-reused");
        assertThat(answers.get(3).body()).isEqualTo(answers.get(0).body());
        assertThat(answers.get(10).body()).isEqualTo(answers.get(0).body());
        assertThat(answers.get(7).body()).isEqualTo(known.body());
        assertThat(answers.get(5).body()).isNotEqualTo(answers.get(0).body());
        assertThat(anna.balance("USD")).isEqualTo(39_00);
        assertThat(boris.balance("USD")).isZero();
        assertThat(vera.balance("USD")).isEqualTo(66_00);

        assertThat(teller.send(way, list))
                .extracting(Answer::body)
                .containsExactlyElementsOf(answers.stream().map(Answer::body).toList());
        assertThat(anna.balance("USD")).isEqualTo(39_00);
    }

    @ParameterizedTest
    @EnumSource(Teller.Way.class)
    void isTheSameWhetherAloneOrInAList(Teller.Way way) {
        var alone = send("k", 1_00);
        var list = List.of(teller.attempt(anna, boris, 1_00, null, "k"));
        var listed = teller.send(way, list).get(0);

        assertThat(listed).isEqualTo(new Answer(201, alone.body(), true));
    }

    @ParameterizedTest
    @EnumSource(Teller.Way.class)
    void answersAnEmptyListWithAnEmptyList(Teller.Way way) {
        assertThat(teller.send(way, List.of())).isEmpty();
    }

    @Test
    void findsATransferByItsKey() {
        var first = transferId(send("a key", 1_00));
        var declined = JsonPath.from(send("declined", 1_000_00).body()).getString("transferId");
        send("another", 1_00);

        for (var key : List.of("a key", "\"a key\"")) {
            anna.request()
                    .queryParam("idempotencyKey", key)
                    .get(PATH)
                    .then()
                    .statusCode(200)
                    .body("items.id", equalTo(List.of(first)))
                    .body("nextCursor", nullValue());
        }
        anna.get(PATH + "?idempotencyKey=declined")
                .body("items.id", equalTo(List.of(declined)))
                .body("items[0].declineCode", equalTo("insufficient-funds"));
        anna.get(PATH + "?idempotencyKey=unknown").statusCode(200).body("items", hasSize(0));
        anna.get(PATH + "?idempotencyKey=another&direction=received").body("items", hasSize(0));
        anna.request()
                .queryParam("idempotencyKey", "\"open")
                .get(PATH)
                .then()
                .statusCode(400)
                .body("code", equalTo("idempotency-key-invalid"));
        // It is the payer's key: the payee has none of that name.
        boris.get(PATH + "?idempotencyKey=another").body("items", hasSize(0));
        boris.get(PATH).body("items", not(hasSize(0)));
    }

    private HttpResponse<String> send(String key, long minor) {
        return post(anna, key, body(boris, minor));
    }

    private static HttpResponse<String> post(TestPerson person, String key, String body) {
        return Http.post(person, PATH, key, body);
    }

    private static String body(TestPerson payee, long minor) {
        return "{\"payee\":{\"customerId\":\"%s\"},\"amount\":{\"minor\":%d,\"currency\":\"USD\"}}"
                .formatted(payee.id(), minor);
    }

    private static Map<String, Object> body(
            TestPerson payee, long minor, Map<String, Object> more) {
        var body = new LinkedHashMap<>(more);
        body.put("payee", Map.of("customerId", payee.id()));
        body.put("amount", money(minor, "USD"));
        return body;
    }

    private static void assertReplay(HttpResponse<String> first, HttpResponse<String> replay) {
        assertThat(replay.body()).isEqualTo(first.body());
        assertThat(replay.statusCode()).isEqualTo(first.statusCode());
        assertThat(replay.headers().firstValue("Content-Type"))
                .isEqualTo(first.headers().firstValue("Content-Type"));
        assertThat(replay.headers().firstValue("Idempotency-Replayed")).contains("true");
    }

    private static void assertReused(HttpResponse<String> first, HttpResponse<String> second) {
        assertThat(second.statusCode()).isEqualTo(422);
        assertThat(code(second)).isEqualTo("idempotency-key-reused");
        assertThat(second.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(JsonPath.from(second.body()).getString("transferId"))
                .isEqualTo(transferId(first));
    }

    private static String code(HttpResponse<String> response) {
        return JsonPath.from(response.body()).getString("code");
    }

    private static String code(Answer answer) {
        return JsonPath.from(answer.body()).getString("code");
    }

    private static String transferId(HttpResponse<String> created) {
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return JsonPath.from(created.body()).getString("id");
    }

    private static void change(TestPerson person, Map<String, Object> profile) {
        person.request()
                .contentType(ContentType.JSON)
                .body(profile)
                .patch("/v1/me")
                .then()
                .statusCode(200);
    }

    private static void freeze(TestPerson person, boolean isFrozen) {
        Sql.run(
                "update customer set state = ? where id = ?",
                isFrozen ? "FROZEN" : "ACTIVE",
                person.id());
    }
}
