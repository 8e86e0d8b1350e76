package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.operate.Passwords;
import kvit.operate.Passwords.Whose;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.support.WaitingRules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transfers that wait, and go on with the payer's PIN. */
@KvitTest
class PinConfirmationTest {

    private static final String PIN = "738201";
    private static final String WRONG = "590386";

    @Inject Waiting waiting;
    @Inject Passwords passwords;

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoSwedes() {
        waiting.awaitRules();
        anna = waiting.person(WaitingRules.CONFIRMING, 1_000_00);
        boris = waiting.person(WaitingRules.CONFIRMING, 0);
        setPin(anna);
    }

    @Test
    void theRightPinMovesTheMoneyOnceHoweverOftenItIsGiven() {
        var id = sent(20_00);
        var first = byPin(anna, id, PIN).statusCode(200).body("state", equalTo("completed"));
        assertThat(waiting.balance(boris.id())).isEqualTo(20_00);
        assertThat(byPin(anna, id, PIN).statusCode(200).extract().asString())
                .isEqualTo(first.extract().asString());
        byPin(anna, id, WRONG).statusCode(422).body("code", equalTo("pin-wrong"));
        byPin(anna, id, PIN).statusCode(200);
        assertThat(waiting.balance(boris.id())).isEqualTo(20_00);
        assertThat(waiting.available(anna.id())).isEqualTo(980_00);
        assertThat(failures(anna)).isZero();
    }

    /** Each of the two is the payer's word; nobody has to say which it was. */
    @Test
    void whatWasConfirmedByTheOneMayBeRepeatedWithTheOther() {
        var id = sent(20_00);
        var code = Waiting.codeOf(anna.phone());
        byPin(anna, id, PIN).statusCode(200);
        confirm(anna, id, Map.of("code", code)).statusCode(200);
        post(anna, id, "/resend").statusCode(422).body("code", equalTo("transfer-not-confirmable"));

        var other = sent(20_00);
        confirm(anna, other, Map.of("code", Waiting.codeOf(anna.phone()))).statusCode(200);
        byPin(anna, other, PIN).statusCode(200);
        assertThat(waiting.balance(boris.id())).isEqualTo(40_00);
    }

    @Test
    void whatHasToBeLookedAtTooWaitsOn() {
        var id = sent(200_00);
        byPin(anna, id, PIN).statusCode(200).body("state", equalTo("pending"));
        byPin(anna, id, PIN).statusCode(200).body("state", equalTo("pending"));
        assertThat(waiting.balance(boris.id())).isZero();
    }

    @Test
    void aWrongPinCountsAndTheFifthLocksCodesAsWell() {
        var id = sent(20_00);
        var code = Waiting.codeOf(anna.phone());
        for (var i = 0; i < 5; i++) {
            byPin(anna, id, WRONG)
                    .statusCode(422)
                    .body("code", equalTo("pin-wrong"))
                    .body("transferId", equalTo(id));
        }
        byPin(anna, id, PIN)
                .statusCode(429)
                .header("Retry-After", notNullValue())
                .body("code", equalTo("pin-locked"))
                .body("transferId", equalTo(id));
        confirm(anna, id, Map.of("code", code))
                .statusCode(429)
                .body("code", equalTo("too-many-attempts"));
        assertThat(waiting.state(UUID.fromString(id)))
                .isEqualTo(TransferState.REQUIRES_CONFIRMATION);
    }

    /** O-07: that there is no PIN is nothing that a guesser learns. */
    @Test
    void withoutAPinEveryPinIsWrong() {
        var id = sent(20_00);
        var wrong = byPin(anna, id, WRONG).statusCode(422).extract();
        Sql.run("delete from pin where customer = ?", anna.id());
        var none = byPin(anna, id, PIN).statusCode(422).extract();
        assertThat(none.<String>path("code")).isEqualTo("pin-wrong");
        assertThat(none.<String>path("detail")).isEqualTo(wrong.path("detail"));
        assertThat(failures(anna)).isEqualTo(2);
    }

    @Test
    void itIsForOnesOwnTransfersAndForWhatWaits() {
        setPin(boris);
        var id = sent(20_00);
        byPin(boris, id, PIN).statusCode(404).body("code", equalTo("transfer-not-found"));
        byPin(boris, UUID.randomUUID().toString(), PIN).statusCode(404);
        // Nobody is to lose a try on what no PIN would help.
        Sql.run("update transfer set expires_at = created_at where id = ?", UUID.fromString(id));
        byPin(anna, id, WRONG).statusCode(422).body("code", equalTo("confirmation-expired"));
        var small = sent(1);
        byPin(anna, small, WRONG).statusCode(422).body("code", equalTo("transfer-not-confirmable"));
        byPin(boris, small, PIN).statusCode(403).body("code", equalTo("not-the-payer"));
        assertThat(failures(anna)).isZero();
        assertThat(failures(boris)).isZero();
    }

    @Test
    void itIsThePinOrTheCodeAndNotBoth() {
        var id = sent(20_00);
        for (var body :
                List.of(Map.of(), Map.of("pin", PIN, "code", "000000"), Map.of("pin", "1"))) {
            confirm(anna, id, body).statusCode(400).body("code", equalTo("validation-failed"));
        }
        assertThat(failures(anna)).isZero();
    }

    @Test
    void whoIsFrozenMeanwhileMovesNothingByPinEither() {
        var id = sent(20_00);
        Sql.run("update customer set state = 'FROZEN' where id = ?", boris.id());
        byPin(anna, id, PIN).statusCode(422).body("code", equalTo("customer-frozen"));
        assertThat(waiting.available(anna.id())).isEqualTo(1_000_00);
    }

    @Test
    void manyAtOnceMoveTheMoneyOnce() throws Exception {
        var id = sent(20_00);
        var calls = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < 8; i++) {
            calls.add(
                    () ->
                            Http.post(
                                            anna,
                                            "/v1/transfers/" + id + "/confirmation",
                                            null,
                                            "{\"pin\": \"" + PIN + "\"}")
                                    .statusCode());
        }
        var answers = Race.run(8, calls);
        // Five are looked at at once; whoever comes sixth waits until one of them was right.
        assertThat(answers).contains(200).isSubsetOf(200, 429, 503);
        assertThat(waiting.balance(boris.id())).isEqualTo(20_00);
        assertThat(failures(anna)).isZero();
    }

    @Test
    void whileOthersHashNothingIsLockedAndNothingCounts() {
        var id = sent(20_00);
        try (var one = passwords.turn(Whose.CUSTOMERS);
                var two = passwords.turn(Whose.CUSTOMERS)) {
            byPin(anna, id, PIN).statusCode(503).header("Retry-After", "1");
            assertThat(one).isNotSameAs(two);
        }
        assertThat(failures(anna)).isZero();
        byPin(anna, id, PIN).statusCode(200);
    }

    private String sent(long minor) {
        return anna.send(boris, minor, "EUR", UUID.randomUUID().toString())
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static void setPin(TestPerson person) {
        person.request()
                .contentType(ContentType.JSON)
                .body(Map.of("pin", PIN))
                .put("/v1/me/pin")
                .then()
                .statusCode(204);
    }

    private static ValidatableResponse byPin(TestPerson person, String transfer, String pin) {
        return confirm(person, transfer, Map.of("pin", pin));
    }

    private static ValidatableResponse confirm(TestPerson person, String transfer, Object body) {
        return person.request()
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/transfers/{id}/confirmation", transfer)
                .then();
    }

    private static ValidatableResponse post(TestPerson person, String transfer, String path) {
        return person.request().post("/v1/transfers/" + transfer + "/confirmation" + path).then();
    }

    private static long failures(TestPerson person) {
        return Sql.<Long>value(
                "select coalesce(sum(failures + confirmation_failures + pin_failures + card_failures), 0) "
                        + "from phone_guard where phone = ?",
                person.phone());
    }
}
