package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import kvit.card.Desk;
import kvit.card.Notice;
import kvit.card.SimulatedCard;
import kvit.card.Told;
import kvit.dispute.Verdicts;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.support.ArrivalRules;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.support.WaitingRules;
import kvit.topup.Till;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims that somebody has to look at, which nobody knew when the money was sent. */
@KvitTest
class ClaimReviewTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject Claims claims;
    @Inject Waiting waiting;
    @Inject Till till;
    @Inject Told told;

    private Waiting.Somebody anna;
    private Waiting.Somebody boris;
    private UUID id;

    @BeforeEach
    void rules() {
        waiting.awaitRules();
    }

    @AfterEach
    void allOfItAddsUp() {
        assertThat(Verdicts.findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isCompletedWhenItIsLetThrough(boolean byCard) {
        claimed(byCard);

        assertThat(waiting.approve(id).completed()).isTrue();

        assertThat(waiting.state(id)).isEqualTo(TransferState.COMPLETED);
        assertThat(claims.balance(boris.id(), Currency.EUR)).isEqualTo(20_00);
        assertThat(claims.balance(anna.id(), Currency.EUR)).isZero();
        assertThat(refunds()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesBackWhenItIsNot(boolean byCard) {
        claimed(byCard);

        assertThat(waiting.reject(id).declineCode()).isEqualTo("review-rejected");

        assertGoneBack(byCard);
        assertThat(claims.refusal(boris.id(), id)).isEqualTo("transfer-gone-back");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesBackWhenNobodyLooksInTime(boolean byCard) {
        claimed(byCard);
        Claims.end(id);

        await().atMost(SOON)
                .until(
                        () -> {
                            waiting.sweep();
                            return waiting.state(id) == TransferState.EXPIRED;
                        });

        assertGoneBack(byCard);
    }

    /** Its money is still the card's, whoever is to have it. */
    @Test
    void isOverWhenTheCardsBankWantsTheMoneyBack() {
        claimed(true);
        String charge = Sql.value("select name from top_up where customer = ?", anna.id());

        told.actUntilDone(
                told.tell(new Notice.Chargeback(charge, "d-" + charge, eur(20_00), "fraudulent")));

        assertThat(waiting.state(id)).isEqualTo(TransferState.DECLINED);
        assertThat(claims.find(id).declineCode()).isEqualTo("charge-contested");
        assertThat(claims.balance(anna.id(), Currency.EUR)).isEqualTo(20_00);
        assertThat(claims.available(anna.id(), Currency.EUR)).isZero();
        assertThat(refunds()).isZero();
        assertThat(claims.refusal(boris.id(), id)).isEqualTo("transfer-gone-back");
    }

    /** They have seen it when it waited for their card, so they see how it goes on. */
    @Test
    void whoHadToAddACardSeesItUntilItsEnd() {
        claims.awaitArrivalRules();
        anna = claims.somebody(ArrivalRules.COUNTRY, Currency.EUR, 20_00);
        var payee = TestPerson.signIn(Phones.next(ArrivalRules.COUNTRY));
        Desk.patch(payee, Map.of("displayName", "Boris", "birthDate", "1990-05-17"));
        id = claims.send(anna.id(), payee.phone(), eur(20_00)).id();
        assertThat(claims.find(id).payee()).isEqualTo(payee.id());
        payee.get("/v1/transfers")
                .statusCode(200)
                .body("items.id", contains(id.toString()))
                .body("items.waitsFor", contains("card"));
        payee.get("/v1/transfers?direction=received&state=pending")
                .body("items.id", contains(id.toString()));
        payee.get("/v1/transfers?direction=sent").body("items", empty());
        payee.get("/v1/transfers?state=completed").body("items", empty());
        moveToDenmark(anna.id());
        moveToDenmark(payee.id());

        claim(payee).body("waitsFor", equalTo("review"));

        payee.get("/v1/transfers/" + id).statusCode(200).body("waitsFor", equalTo("review"));
        claim(payee).body("waitsFor", equalTo("review"));
        waiting.reject(id);
        payee.get("/v1/transfers/" + id).statusCode(200).body("state", equalTo("declined"));
        payee.request()
                .post("/v1/transfers/" + id + "/claim")
                .then()
                .statusCode(422)
                .body("code", equalTo("transfer-gone-back"));
    }

    private ValidatableResponse claim(TestPerson payee) {
        return payee.request().post("/v1/transfers/" + id + "/claim").then().statusCode(200);
    }

    /**
     * Only what a Dane sends is looked at, and only Danes may send to Danes; so both of them have
     * moved there since.
     */
    private void claimed(boolean byCard) {
        anna = claims.cardholder("FR", Currency.EUR, byCard ? 0 : 20_00);
        var phone = Phones.next("FR");
        id =
                byCard
                        ? claims.pay(
                                        anna.id(),
                                        till.card(anna.id(), SimulatedCard.WORKS),
                                        phone,
                                        eur(20_00))
                                .id()
                        : claims.send(anna.id(), phone, eur(20_00)).id();
        Claims.awaitTold(anna.id(), 1);
        moveToDenmark(anna.id());
        boris = claims.somebody(WaitingRules.REVIEWING, phone, eur(0));

        var claimed = claims.claim(boris.id(), id);

        assertThat(claimed.state()).isEqualTo(TransferState.PENDING);
        assertThat(claimed.payee()).isEqualTo(boris.id());
        assertThat(claims.find(id)).isEqualTo(claimed);
        assertThat(claims.balance(anna.id(), Currency.EUR)).isEqualTo(20_00);
        assertThat(claims.available(anna.id(), Currency.EUR)).isZero();
        // Once more is the same.
        assertThat(claims.claim(boris.id(), id)).isEqualTo(claimed);
    }

    private static void moveToDenmark(UUID person) {
        Sql.run("update customer set country = ? where id = ?", WaitingRules.REVIEWING, person);
    }

    private void assertGoneBack(boolean byCard) {
        assertThat(claims.balance(boris.id(), Currency.EUR)).isZero();
        assertThat(claims.available(anna.id(), Currency.EUR)).isEqualTo(byCard ? 0 : 20_00);
        assertThat(claims.balance(anna.id(), Currency.EUR)).isEqualTo(byCard ? 0 : 20_00);
        await().atMost(SOON).until(() -> refunds() == (byCard ? 1 : 0));
    }

    private long refunds() {
        return Sql.<Long>value(
                "select count(*) from charge_return where customer = ? and state = 'RETURNED'",
                anna.id());
    }

    private static Money eur(long minor) {
        return new Money(minor, Currency.EUR);
    }
}
