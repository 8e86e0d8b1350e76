package kvit.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import kvit.support.KvitTest;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import kvit.topup.Till;
import org.junit.jupiter.api.Test;

/**
 * The numbers of the sandbox, from adding the card by its code to what becomes of its money days
 * later, over HTTP alone. What they say when they are charged is in {@link TopUpTest}.
 */
@KvitTest
class MagicCardsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject Desk desk;

    @Test
    void mastercardIsToldByItsNumberAndTakesMoneyBothWays() {
        var anna = Desk.person();
        var card = desk.enrolledAlone(anna, "5555555555554444");
        anna.get("/v1/cards")
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(card))
                .body("items[0].state", equalTo("active"))
                .body("items[0].brand", equalTo("mastercard"))
                .body("items[0].last4", equalTo("4444"));
        anna.post("/v1/top-ups", "in", Till.body(UUID.fromString(card), 20_00))
                .statusCode(201)
                .body("state", equalTo("completed"));

        var payout = paidOut(anna, card, 5_00);
        var later = aDayLater(anna);

        awaitPayout(later, payout, "paid");
        assertThat(later.balance("USD")).isEqualTo(15_00);
    }

    @Test
    void aChargeIsContestedADayLaterAndItsMoneyIsHeld() {
        var anna = Desk.person();
        var card = desk.enrolledAlone(anna, "4000000000000259");
        anna.post("/v1/top-ups", "in", Till.body(UUID.fromString(card), 20_00))
                .statusCode(201)
                .body("state", equalTo("completed"));

        var later = aDayLater(anna);

        await().atMost(SOON)
                .until(
                        () ->
                                later.get("/v1/me/balances")
                                        .extract()
                                        .path("items[0].held.minor")
                                        .equals(20_00));
        later.get("/v1/me/balances")
                .body("items[0].balance.minor", equalTo(20_00))
                .body("items[0].available.minor", equalTo(0));
        await().atMost(SOON)
                .until(
                        () ->
                                Desk.message(later)
                                        .contains(
                                                "20.00 USD that came from your card is disputed"));
        later.send(TestPerson.fresh(), 1, "USD", "send")
                .statusCode(422)
                .body("code", equalTo("insufficient-funds"));
    }

    @Test
    void whatIsPaidOutToACardThatTakesNothingIsBackInTheWallet() {
        var anna = Desk.person();
        var card = desk.enrolledAlone(anna, "4000000000004202");
        anna.fund(20_00, "USD");
        var payout = paidOut(anna, card, 5_00);
        assertThat(anna.balance("USD")).isEqualTo(15_00);

        var later = aDayLater(anna);

        awaitPayout(later, payout, "returned");
        assertThat(later.balance("USD")).isEqualTo(20_00);
        await().atMost(SOON).until(() -> Desk.message(later).contains("5.00 USD did not reach"));
    }

    private static String paidOut(TestPerson person, String card, long minor) {
        var body =
                Map.of(
                        "cardId",
                        card,
                        "amount",
                        TestPerson.money(minor, "USD"),
                        "speed",
                        "standard");
        return person.post("/v1/payouts", "out", body).statusCode(201).extract().path("id");
    }

    /** Their tokens have ended by then. */
    private static TestPerson aDayLater(TestPerson person) {
        TestClock.advance(Duration.ofHours(25));
        return TestPerson.signIn(person.phone());
    }

    private static void awaitPayout(TestPerson person, String id, String state) {
        await().atMost(SOON)
                .until(() -> person.get("/v1/payouts/" + id).extract().path("state").equals(state));
    }
}
