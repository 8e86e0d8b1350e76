package kvit.transfer;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.problem.Problem;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import kvit.support.WaitingRules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transfers that need a code, or somebody who looks at them, before the money moves. */
@KvitTest
class WaitingTransferTest {

    @Inject Waiting waiting;
    @Inject Teller teller;

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoSwedes() {
        waiting.awaitRules();
        anna = waiting.person(WaitingRules.CONFIRMING, 1_000_00);
        boris = waiting.person(WaitingRules.CONFIRMING, 0);
        patch(boris, Map.of("displayName", "Boris B.", "handle", "b" + boris.phone().substring(1)));
    }

    @Test
    void theMoneyIsHeldUntilThePayerTypesInTheCode() {
        var made = send(anna, boris, 12_50, "k").statusCode(201).extract();
        var id = made.<String>path("id");
        assertThat(made.<String>path("state")).isEqualTo("requires_confirmation");
        assertThat(made.<String>path("expiresAt")).isNotNull();
        assertThat(made.<String>path("completedAt")).isNull();
        anna.get("/v1/me/balances")
                .body("items[0].balance.minor", equalTo(1_000_00))
                .body("items[0].available.minor", equalTo(987_50))
                .body("items[0].held.minor", equalTo(12_50));

        confirm(anna, id, codeOf(anna))
                .statusCode(200)
                .body("state", equalTo("completed"))
                .body("completedAt", notNullValue())
                .body("expiresAt", nullValue());
        assertThat(waiting.balance(anna.id())).isEqualTo(987_50);
        assertThat(waiting.available(anna.id())).isEqualTo(987_50);
        assertThat(waiting.balance(boris.id())).isEqualTo(12_50);

        var replay = send(anna, boris, 12_50, "k").statusCode(201).extract();
        assertThat(replay.asString()).isEqualTo(made.asString());
        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");
        anna.get("/v1/transfers/" + id).body("state", equalTo("completed"));
        assertThat(events(id))
                .containsExactlyInAnyOrder("TransferAwaitsConfirmation", "TransferCompleted");
        assertHoldsAgree();
    }

    /**
     * RTS (EU) 2018/389, article 5: people see what they confirm, and the code is for that alone.
     */
    @Test
    void theMessageNamesTheAmountAndThePayeeInThePersonsLanguage() {
        patch(anna, Map.of("locale", "fr"));
        var handle = "@b" + boris.phone().substring(1);
        send(anna, boris, 12_50, "k").statusCode(201);
        var code = codeOf(anna);
        assertThat(message(anna))
                .isEqualTo(
                        "Kvit : vous envoyez 12.50 EUR à \"Boris B. "
                                + handle
                                + "\". Ne donnez ce code à personne, pas même à nous. Votre code : "
                                + code);

        var other = id(send(anna, boris, 12_51, "k2"));
        var othersCode = codeOf(anna);
        if (!othersCode.equals(code)) {
            confirm(anna, other, code).statusCode(422).body("code", equalTo("code-wrong"));
        }
        Sql.run("update confirmation set payee = 'Eve' where id = ?", UUID.fromString(other));
        confirm(anna, other, othersCode).statusCode(422).body("code", equalTo("code-wrong"));
    }

    @Test
    void confirmingTwiceIsConfirmingOnce() {
        var id = id(send(anna, boris, 20_00, "k"));
        var code = codeOf(anna);
        var first = confirm(anna, id, code).statusCode(200).extract().asString();
        assertThat(confirm(anna, id, code).statusCode(200).extract().asString()).isEqualTo(first);
        confirm(anna, id, another(code)).statusCode(422).body("code", equalTo("code-wrong"));
        assertThat(waiting.balance(boris.id())).isEqualTo(20_00);
    }

    @Test
    void thePayeeSeesNothingOfWhatMayComeToNothing() {
        var id = id(send(anna, boris, 20_00, "k"));
        boris.get("/v1/transfers/" + id).statusCode(404);
        boris.get("/v1/transfers").body("items", hasSize(0));
        boris.refund(id, 1, "EUR", "r").statusCode(404).body("code", equalTo("transfer-not-found"));
        confirm(boris, id, "000000").statusCode(404).body("code", equalTo("transfer-not-found"));
        anna.get("/v1/transfers?state=requires_confirmation").body("items", hasSize(1));
        anna.get("/v1/transfers?state=completed").body("items", hasSize(0));

        confirm(anna, id, codeOf(anna)).statusCode(200);
        boris.get("/v1/transfers").body("items", hasSize(1));
        confirm(boris, id, "000000").statusCode(403).body("code", equalTo("not-the-payer"));
        cancel(boris, id, "c").statusCode(403).body("code", equalTo("not-the-payer"));
    }

    /** A refusal commits here: the try counts although nothing else has happened. */
    @Test
    void fiveWrongCodesAreTheEndOfACodeAndANewOneWorks() {
        var id = id(send(anna, boris, 20_00, "k"));
        var code = codeOf(anna);
        for (var i = 0; i < 5; i++) {
            confirm(anna, id, another(code)).statusCode(422).body("code", equalTo("code-wrong"));
        }
        confirm(anna, id, code).statusCode(429).body("code", equalTo("too-many-attempts"));
        resend(anna, id).statusCode(429).header("Retry-After", notNullValue());

        TestClock.advance(Duration.ofSeconds(31));
        resend(anna, id).statusCode(202).body("sentTo", notNullValue());
        var next = codeOf(anna);
        if (!next.equals(code)) {
            confirm(anna, id, code).statusCode(422).body("code", equalTo("code-wrong"));
            // Five and one in a row lock the phone once more.
            TestClock.advance(Duration.ofMinutes(2));
        }
        confirm(anna, id, next).statusCode(200).body("state", equalTo("completed"));
        resend(anna, id).statusCode(422).body("code", equalTo("transfer-not-confirmable"));
    }

    @Test
    void aTransferIsConfirmedWithinFiveMinutesWhicheverCodeWasTheLast() {
        var made = send(anna, boris, 20_00, "k").statusCode(201).extract();
        var id = made.<String>path("id");
        var until = made.<String>path("expiresAt");
        assertThat(Instant.parse(until))
                .isEqualTo(
                        Instant.parse(made.<String>path("createdAt")).plus(Duration.ofMinutes(5)));
        TestClock.advance(Duration.ofMinutes(4));
        resend(anna, id).statusCode(202).body("expiresAt", equalTo(until));
        var last = codeOf(anna);
        TestClock.advance(Duration.ofMinutes(1));
        // Late is late, whether the sweep has come or not.
        confirm(anna, id, last).statusCode(422).body("code", equalTo("confirmation-expired"));
        resend(anna, id).statusCode(422).body("code", equalTo("confirmation-expired"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> waiting.state(UUID.fromString(id)) == TransferState.EXPIRED);
        anna.get("/v1/transfers/" + id).body("state", equalTo("expired"));
        confirm(anna, id, last).statusCode(422).body("code", equalTo("confirmation-expired"));
        cancel(anna, id, "c").statusCode(422).body("code", equalTo("transfer-not-cancellable"));
        assertThat(waiting.available(anna.id())).isEqualTo(1_000_00);
        assertThat(events(id)).contains("TransferExpired");
        assertHoldsAgree();
    }

    @Test
    void whatIsConfirmedMayHaveToBeLookedAtToo() {
        var id = id(send(anna, boris, 200_00, "k"));
        var code = codeOf(anna);
        assertThatThrownBy(() -> waiting.approve(UUID.fromString(id)))
                .isInstanceOfSatisfying(
                        Problem.class,
                        it ->
                                assertThat(it.type())
                                        .isEqualTo(TransferProblem.TRANSFER_NOT_REVIEWABLE));
        confirm(anna, id, code).statusCode(200).body("state", equalTo("pending"));
        confirm(anna, id, code).statusCode(200).body("state", equalTo("pending"));
        boris.get("/v1/transfers/" + id).statusCode(404);
        assertThat(waiting.available(anna.id())).isEqualTo(800_00);

        assertThat(waiting.approve(UUID.fromString(id)).completed()).isTrue();
        anna.get("/v1/transfers/" + id).body("state", equalTo("completed"));
        boris.get("/v1/transfers/" + id).body("state", equalTo("completed"));
        assertThat(
                        Sql.<String>value(
                                "select reviewed_by || ': ' || review_reason from transfer where id = ?",
                                UUID.fromString(id)))
                .isEqualTo("olga: looks fine");
        assertThat(events(id))
                .containsExactlyInAnyOrder(
                        "TransferAwaitsConfirmation", "TransferAwaitsReview", "TransferCompleted");
    }

    @Test
    void whatIsRejectedGivesTheMoneyBackAndSaysSo() {
        var payer = waiting.person(WaitingRules.REVIEWING, 100_00);
        var payee = waiting.person(WaitingRules.REVIEWING, 0);
        var id = id(send(payer, payee, 20_00, "k").body("state", equalTo("pending")));
        confirm(payer, id, "000000")
                .statusCode(422)
                .body("code", equalTo("transfer-not-confirmable"));

        assertThat(waiting.reject(UUID.fromString(id)).declineCode()).isEqualTo("review-rejected");

        payer.get("/v1/transfers/" + id)
                .body("state", equalTo("declined"))
                .body("declineCode", equalTo("review-rejected"));
        assertThat(waiting.available(payer.id())).isEqualTo(100_00);
        assertThatThrownBy(() -> waiting.approve(UUID.fromString(id))).isInstanceOf(Problem.class);
        assertHoldsAgree();
    }

    @Test
    void aReviewThatTakesTooLongIsAnExpiry() {
        var payer = waiting.somebody(WaitingRules.REVIEWING, 100_00);
        var id = waiting.sent(payer, waiting.somebody(WaitingRules.REVIEWING, 0), 20_00);
        expireNow(id);
        assertThatThrownBy(() -> waiting.approve(id)).isInstanceOf(Problem.class);
        waiting.sweep();
        assertThat(waiting.state(id)).isEqualTo(TransferState.EXPIRED);
        assertThat(waiting.available(payer.id())).isEqualTo(100_00);
    }

    @Test
    void whatWaitsIsTakenBackOncePerKey() {
        var id = id(send(anna, boris, 20_00, "k"));
        var other = id(send(anna, boris, 30_00, "k2"));

        var first = cancel(anna, id, "c").statusCode(200).extract();
        assertThat(first.<String>path("state")).isEqualTo("cancelled");
        assertThat(waiting.available(anna.id())).isEqualTo(970_00);
        var replay = cancel(anna, id, "c").statusCode(200).extract();
        assertThat(replay.asString()).isEqualTo(first.asString());
        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");

        var refusal = cancel(anna, id, "c2").statusCode(422).extract();
        assertThat(refusal.<String>path("code")).isEqualTo("transfer-not-cancellable");
        assertThat(cancel(anna, id, "c2").statusCode(422).extract().asString())
                .isEqualTo(refusal.asString());
        confirm(anna, id, codeOf(anna))
                .statusCode(422)
                .body("code", equalTo("transfer-not-confirmable"));

        for (var used : List.of("c", "c2", "k")) {
            cancel(anna, other, used)
                    .statusCode(422)
                    .body("code", equalTo("idempotency-key-reused"))
                    .body("transferId", equalTo(id));
        }
        send(anna, boris, 1, "c")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"))
                .body("transferId", equalTo(id));
        anna.get("/v1/transfers/" + other).body("state", equalTo("requires_confirmation"));
        cancel(anna, other, "c3").statusCode(200);
        assertThat(waiting.available(anna.id())).isEqualTo(1_000_00);
        assertThat(events(id)).contains("TransferCancelled");
        assertHoldsAgree();
    }

    @Test
    void whoIsFrozenMeanwhileMovesNothing() {
        var id = id(send(anna, boris, 20_00, "k"));
        var code = codeOf(anna);
        Sql.run("update customer set state = 'FROZEN' where id = ?", boris.id());
        confirm(anna, id, code)
                .statusCode(422)
                .body("code", equalTo("customer-frozen"))
                .body("transferId", equalTo(id));
        anna.get("/v1/transfers/" + id)
                .body("state", equalTo("declined"))
                .body("declineCode", equalTo("customer-frozen"));
        assertThat(waiting.available(anna.id())).isEqualTo(1_000_00);
        confirm(anna, id, code).statusCode(422).body("code", equalTo("transfer-not-confirmable"));
    }

    /** What is held counts when it moves: not before, and not if others were quicker. */
    @Test
    void aLimitThatIsUsedUpMeanwhileDeclinesWhatWaits() {
        var payer = waiting.somebody(WaitingRules.REVIEWING, 3_000_00);
        var transfers =
                List.of(500_00, 500_00, 400_00, 100_01, 100_00).stream()
                        .map(
                                it ->
                                        waiting.sent(
                                                payer,
                                                waiting.somebody(WaitingRules.REVIEWING, 0),
                                                it))
                        .toList();
        assertThat(used(payer.id())).isZero();
        assertThat(transfers.stream().map(waiting::approve))
                .extracting(ReviewTransfer.Result::declineCode)
                .containsExactly(null, null, null, "limit-exceeded", null);
        assertThat(used(payer.id())).isEqualTo(1_500_00);
        assertThat(waiting.available(payer.id())).isEqualTo(1_500_00);
        assertThat(waiting.balance(payer.id())).isEqualTo(1_500_00);
        for (var operation : List.of("SEND", "RECEIVE")) {
            assertThat(
                            Sql.<Long>value(
                                    "select count(*) from limit_usage where cause = ? and operation = ?",
                                    transfers.get(0),
                                    operation))
                    .isEqualTo(1);
        }
    }

    /** Some are posted and some are held, each on what the ones before it have left. */
    @ParameterizedTest
    @EnumSource(Teller.Way.class)
    void aListIsDecidedInOrder(Teller.Way way) {
        var payer = waiting.somebody(WaitingRules.CONFIRMING, 30_00);
        var payee = waiting.somebody(WaitingRules.CONFIRMING, 0);
        var answers =
                teller.send(
                        way,
                        List.of(
                                waiting.attempt(payer, payee, 20_00, "held"),
                                waiting.attempt(payer, payee, 9_00, "posted"),
                                waiting.attempt(payer, payee, 10_01, "too much"),
                                waiting.attempt(payer, payee, 1_00, "posted too"),
                                waiting.attempt(payer, payee, 1, "nothing left")));
        assertThat(answers).extracting(Answer::status).containsExactly(201, 201, 422, 201, 422);
        assertThat(waiting.find(payer, "held").state())
                .isEqualTo(TransferState.REQUIRES_CONFIRMATION);
        assertThat(waiting.balance(payer.id())).isEqualTo(20_00);
        assertThat(waiting.available(payer.id())).isZero();
        assertThat(waiting.balance(payee.id())).isEqualTo(10_00);
    }

    @Test
    void aQuoteSaysWhatWouldBeDemanded() {
        quote(20_00).body("confirmation", equalTo("code")).body("review", equalTo(false));
        quote(200_00).body("confirmation", equalTo("code")).body("review", equalTo(true));
        quote(10_00).body("confirmation", nullValue()).body("review", equalTo(false));
        quote(2_000_00).body("confirmation", nullValue()).body("review", equalTo(false));
        assertThat(waiting.available(anna.id())).isEqualTo(1_000_00);
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from confirmation where customer = ?", anna.id()))
                .isZero();
    }

    /** It can be taken back, so asking in this way who is a customer would cost nothing. */
    @Test
    void whatWaitsForAPayeeNamedByPhoneCountsAsALookUp() {
        send(anna, boris, 20_00, "k").statusCode(201);
        assertThat(lookUps()).isZero();
        anna.post(
                        "/v1/transfers",
                        "k2",
                        Map.of(
                                "payee",
                                Map.of("phone", boris.phone()),
                                "amount",
                                money(20_00, "EUR")))
                .statusCode(201);
        assertThat(lookUps()).isEqualTo(1);
    }

    private long lookUps() {
        return Sql.<Long>value(
                "select count(*) from rate_bucket where id like ?", "look-up:" + anna.id() + "%");
    }

    @Test
    void theDatabaseLetsNothingComeBackFromItsEnd() {
        var payer = waiting.somebody(WaitingRules.REVIEWING, 100_00);
        var id = waiting.sent(payer, waiting.somebody(WaitingRules.REVIEWING, 0), 20_00);
        assertRefused("update transfer set state = 'REQUIRES_CONFIRMATION' where id = ?", id);
        assertRefused("update transfer set state = 'COMPLETED' where id = ?", id);
        assertRefused("update transfer set minor = 1 where id = ?", id);
        assertRefused("update transfer set reviewed_by = 'eve' where id = ?", id);
        waiting.cancel(payer, id, "c");
        assertRefused("update transfer set state = 'PENDING' where id = ?", id);
        assertRefused(
                "update transfer set state = 'COMPLETED', completed_at = created_at where id = ?",
                id);
        assertRefused("update transfer set expires_at = null where id = ?", id);
    }

    private static void assertRefused(String sql, UUID id) {
        assertThatThrownBy(() -> Sql.run(sql, id)).isInstanceOf(IllegalStateException.class);
    }

    /** Money is held for exactly what waits. */
    private static void assertHoldsAgree() {
        assertThat(
                        Sql.<Long>value(
                                """
                                select count(*)
                                  from transfer t
                                  full join hold h on h.id = t.id
                                 where t.funding is null and ((h.state = 'PENDING')
                                       <> (t.state in
                                           ('REQUIRES_CONFIRMATION', 'PENDING', 'UNCLAIMED'))
                                    or (h.state = 'CAPTURED') <> (t.state in ('COMPLETED', 'REFUNDED')))
                                """))
                .isZero();
    }

    private static long used(UUID payer) {
        return Sql.<Long>value(
                "select coalesce(max(minor), 0) from limit_usage where customer = ?", payer);
    }

    private static void expireNow(UUID transfer) {
        Sql.run("update transfer set expires_at = created_at where id = ?", transfer);
    }

    private static List<String> events(String transfer) {
        return Sql.column(
                "select topic from outbox where payload::jsonb ->> 'transfer' = ?", transfer);
    }

    /** A code that is not this one. */
    private static String another(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    private static String codeOf(TestPerson person) {
        return Waiting.codeOf(person.phone());
    }

    private static String message(TestPerson person) {
        return io.restassured.RestAssured.given()
                .queryParam("phone", person.phone())
                .get("/v1/sandbox/messages")
                .then()
                .extract()
                .path("items[0].text");
    }

    private ValidatableResponse quote(long minor) {
        return anna.request()
                .contentType(ContentType.JSON)
                .body(
                        Map.of(
                                "payee",
                                Map.of("customerId", boris.id()),
                                "amount",
                                money(minor, "EUR")))
                .post("/v1/quotes")
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse send(
            TestPerson payer, TestPerson payee, long minor, String key) {
        return payer.send(payee, minor, "EUR", key);
    }

    private static ValidatableResponse confirm(TestPerson person, String id, String code) {
        return person.request()
                .contentType(ContentType.JSON)
                .body(Map.of("code", code))
                .post("/v1/transfers/{id}/confirmation", id)
                .then();
    }

    private static ValidatableResponse resend(TestPerson person, String id) {
        return person.request().post("/v1/transfers/{id}/confirmation/resend", id).then();
    }

    private static ValidatableResponse cancel(TestPerson person, String id, String key) {
        return person.request()
                .header("Idempotency-Key", key)
                .post("/v1/transfers/{id}/cancellation", id)
                .then();
    }

    private static void patch(TestPerson person, Map<String, Object> change) {
        person.request()
                .contentType(ContentType.JSON)
                .body(change)
                .patch("/v1/me")
                .then()
                .statusCode(200);
    }

    private static String id(ValidatableResponse created) {
        return created.statusCode(201).extract().path("id");
    }
}
