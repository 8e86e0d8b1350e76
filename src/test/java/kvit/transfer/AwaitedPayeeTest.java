package kvit.transfer;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.ledger.Ledger;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import kvit.support.WaitingRules;
import kvit.topup.Till;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Money for people who are not here yet, or cannot receive yet. */
@KvitTest
class AwaitedPayeeTest {

    private static final String PATH = "/v1/transfers";
    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject Claims claims;
    @Inject Waiting waiting;
    @Inject Till till;
    @Inject Ledger ledger;

    @Test
    void whatIsSentToAPhoneOfNobodyIsThereAfterTheFirstSignIn() {
        var anna = anna();
        var phone = Phones.next();

        var sent = send(anna, phone, 12_50, "k").statusCode(201).extract();

        var id = sent.<String>path("id");
        assertThat(sent.<String>path("state")).isEqualTo("pending");
        assertThat(sent.<String>path("waitsFor")).isEqualTo("claim");
        assertThat(sent.<Object>path("payee")).isNull();
        assertThat(sent.<String>path("payeePhone"))
                .startsWith("+1\u2022")
                .endsWith(phone.substring(phone.length() - 4));
        assertThat(left(sent.path("createdAt"), sent.path("expiresAt")))
                .isEqualTo(Duration.ofHours(24));
        anna.get("/v1/me/balances")
                .body("items[0].available.minor", equalTo(7_50))
                .body("items[0].held.minor", equalTo(12_50));
        anna.get(PATH + "?state=pending").body("items", hasSize(1));
        assertThat(awaitMessage(phone))
                .contains("\"Anna\" (+1")
                .contains("12.50 USD")
                .contains("within 24 h")
                .endsWith("/" + id);

        var boris = TestPerson.signIn(phone);

        await().atMost(SOON).until(() -> boris.balance("USD") == 12_50);
        anna.get(PATH + "/" + id)
                .body("state", equalTo("completed"))
                .body("payee.id", equalTo(boris.id().toString()))
                .body("payeePhone", nullValue())
                .body("waitsFor", nullValue());
        boris.get(PATH).body("items", hasSize(1)).body("items[0].id", equalTo(id));
        boris.get("/v1/me/entries?currency=USD").body("items[0].amount.minor", equalTo(12_50));
        claim(boris, id).statusCode(200).body("state", equalTo("completed"));
        var replay = send(anna, phone, 12_50, "k").statusCode(201).extract();
        assertThat(replay.asString()).isEqualTo(sent.asString());
        assertThat(
                        Sql.column(
                                "select topic from outbox where payload::json ->> 'transfer' = ?",
                                id))
                .containsExactlyInAnyOrder(
                        "TransferAwaitsPayee", "TransferCompleted", "TransferClaimed");
        // Who is here is paid at once from now on.
        send(anna, phone, 1_00, "k2").statusCode(201).body("state", equalTo("completed"));
        assertBooks();
    }

    @Test
    void theWrongPhoneFindsNothing() {
        var anna = anna();
        var eve = TestPerson.fresh();
        var id = id(send(anna, Phones.next(), 5_00, "k"));

        claim(eve, id).statusCode(404).body("code", equalTo("transfer-not-found"));
        eve.get(PATH + "/" + id).statusCode(404);
        eve.post(PATH + "/" + id + "/cancellation", "c", Map.of()).statusCode(404);
        claim(anna, id).statusCode(404);
        claim(eve, UUID.randomUUID().toString()).statusCode(404);
        anna.get(PATH + "/" + id).body("state", equalTo("pending"));
        assertThat(eve.balance("USD")).isZero();
    }

    /** What was meant for whoever had it before stays theirs, and what is over is over. */
    @Test
    void aNumberThatHasChangedHandsTakesNothingWithIt() {
        claims.awaitArrivalRules();
        var anna = claims.somebody("PT", Currency.EUR, 50_00);
        var phone = Phones.next("PT");
        var id = claims.send(anna.id(), phone, eur(5_00)).id();
        var over = claims.send(anna.id(), phone, eur(6_00)).id();
        Claims.end(over);
        var first = TestPerson.signIn(phone);
        Desk.patch(first, Map.of("displayName", "Rui", "birthDate", "1990-05-17"));
        await().atMost(SOON).until(() -> claims.find(id).payee() != null);
        assertThat(claims.find(id).payee()).isEqualTo(first.id());
        assertThat(claims.find(id).state()).isEqualTo(TransferState.UNCLAIMED);

        Sql.run("update customer set phone = ? where id = ?", Phones.next("PT"), first.id());
        var second = TestPerson.signIn(phone);

        assertThat(second.isNew()).isTrue();
        claim(second, id.toString()).statusCode(404);
        claim(second, over.toString()).statusCode(422).body("code", equalTo("transfer-gone-back"));
        second.get(PATH + "/" + id).statusCode(404);
        till.card(first.id(), SimulatedCard.WORKS);
        assertThat(claims.claim(first.id(), id).state()).isEqualTo(TransferState.COMPLETED);
        assertThat(claims.balance(first.id(), Currency.EUR)).isEqualTo(5_00);
        assertThat(claims.balance(second.id(), Currency.EUR)).isZero();
    }

    /** Late is late, also before the sweep has written so; and then it comes back by itself. */
    @Test
    void after24HoursItHasGoneBack() {
        var anna = anna();
        var phone = Phones.next();
        var id = id(send(anna, phone, 5_00, "k"));
        TestClock.advance(Duration.ofHours(24));
        var boris = TestPerson.signIn(phone);

        claim(boris, id).statusCode(422).body("code", equalTo("transfer-gone-back"));

        await().atMost(SOON)
                .until(() -> claims.find(UUID.fromString(id)).state() == TransferState.EXPIRED);
        claim(boris, id).statusCode(422).body("code", equalTo("transfer-gone-back"));
        assertThat(claims.available(anna.id(), Currency.USD)).isEqualTo(20_00);
        assertThat(boris.balance("USD")).isZero();
        TestPerson.signIn(anna.phone())
                .get(PATH + "/" + id)
                .body("state", equalTo("expired"))
                .body("payeePhone", notNullValue());
        assertBooks();
    }

    @Test
    void twiceAtOnceIsOnce() throws Exception {
        var anna = claims.somebody("US", Currency.USD, 50_00);
        var phone = Phones.next();
        var id = claims.send(anna.id(), phone, usd(5_00)).id();
        var boris = claims.somebody("US", phone, usd(0));
        Callable<TransferState> claiming = () -> claims.claim(boris.id(), id).state();

        var states = Race.run(8, 24, claiming);

        assertThat(states).containsOnly(TransferState.COMPLETED);
        assertThat(claims.balance(boris.id(), Currency.USD)).isEqualTo(5_00);
        assertThat(Sql.column("select 1 from entry where posting = ?", id)).hasSize(2);
        assertThat(
                        Sql.column(
                                "select 1 from outbox where topic = 'TransferClaimed' and"
                                        + " payload::json ->> 'transfer' = ?",
                                id.toString()))
                .hasSize(1);
    }

    @Test
    void thePayerTakesItBackWhileItWaits() {
        var anna = anna();
        var phone = Phones.next();
        var id = id(send(anna, phone, 5_00, "k"));

        anna.post(PATH + "/" + id + "/cancellation", "c", Map.of())
                .statusCode(200)
                .body("state", equalTo("cancelled"))
                .body("payee", nullValue())
                .body("payeePhone", notNullValue());

        assertThat(claims.available(anna.id(), Currency.USD)).isEqualTo(20_00);
        var boris = TestPerson.signIn(phone);
        claim(boris, id).statusCode(422).body("code", equalTo("transfer-gone-back"));
        assertThat(boris.balance("USD")).isZero();
    }

    /** A rule may have begun since, and whom it is about was not known. */
    @ParameterizedTest
    @CsvSource({
        "country = 'JP', country-not-served",
        "country = 'FR', corridor-not-allowed",
        "birth_date = current_date - 3000, age-not-allowed",
        "state = 'FROZEN', customer-frozen"
    })
    void allRulesAreAskedAgainAndARefusalReturnsTheMoney(String fault, String code) {
        var anna = claims.somebody("US", Currency.USD, 50_00);
        var phone = Phones.next();
        var id = claims.send(anna.id(), phone, usd(5_00)).id();
        Claims.awaitTold(anna.id(), 1);
        var boris = claims.somebody("US", phone, usd(0));
        Sql.run("update customer set " + fault + " where id = ?", boris.id());

        assertThat(claims.refusal(boris.id(), id)).isEqualTo(code);

        assertThat(claims.find(id).state()).isEqualTo(TransferState.DECLINED);
        assertThat(claims.find(id).declineCode()).isEqualTo(code);
        assertThat(claims.available(anna.id(), Currency.USD)).isEqualTo(50_00);
        assertThat(claims.refusal(boris.id(), id)).isEqualTo("transfer-gone-back");
    }

    /** What the number tells is held against the rules at once. */
    @Test
    void theCountryOfThePhoneIsAskedAboutWhenItIsSent() {
        var anna = claims.somebody("US", Currency.USD, 50_00);

        var abroad = claims.quote(anna.id(), Phones.next("FR"), usd(5_00));
        var athome = claims.quote(anna.id(), Phones.next(), usd(5_00));

        assertThat(abroad.problem()).isNotNull();
        assertThat(abroad.problem().code()).isEqualTo("corridor-not-allowed");
        assertThat(abroad.waitsForPayee()).isFalse();
        assertThat(athome.verdict()).isEqualTo(QuoteTransfer.Verdict.ALLOWED);
        assertThat(athome.waitsForPayee()).isTrue();
        assertThat(claims.available(anna.id(), Currency.USD)).isEqualTo(50_00);
    }

    @Test
    void whatHasToBeConfirmedIsConfirmedFirst() {
        waiting.awaitRules();
        var anna = waiting.person(WaitingRules.CONFIRMING, 100_00);
        var phone = Phones.next(WaitingRules.CONFIRMING);
        var body = Map.of("payee", Map.of("phone", phone), "amount", money(20_00, "EUR"));
        var id = id(anna.post(PATH, "k", body).body("state", equalTo("requires_confirmation")));
        var early = TestPerson.signIn(Phones.next(WaitingRules.CONFIRMING));
        assertThat(TestPerson.codeOf(anna.phone())).isNotNull();
        assertThat(Desk.message(anna)).contains("\"" + phone + "\"");
        assertThat(Claims.messages(phone)).isEmpty();
        claim(early, id).statusCode(404);

        anna.confirm(id).statusCode(200).body("waitsFor", equalTo("claim"));

        var boris = TestPerson.signIn(phone);
        await().atMost(SOON).until(() -> boris.balance("EUR") == 20_00);
        // The code of before is right for ever, and changes nothing.
        anna.confirm(id).statusCode(200).body("state", equalTo("completed"));
        assertThat(claims.available(anna.id(), Currency.EUR)).isEqualTo(80_00);
    }

    /** Article 16 of the RTS: any number of them would otherwise each keep to the threshold. */
    @Test
    void whatWaitsForItsPayeeCountsForThresholds() {
        var one = claims.somebody("FR", Currency.EUR, 500_00);
        var other = claims.somebody("FR", Currency.EUR, 500_00);
        var states = new ArrayList<TransferState>();
        var phones = new ArrayList<String>();
        for (var i = 0; i < 5; i++) {
            states.add(claims.send(one.id(), Phones.next("FR"), eur(24_00)).state());
            phones.add(Phones.next("FR"));
        }

        var together = claims.sendTogether(other.id(), phones, eur(24_00));

        assertThat(states)
                .containsExactly(
                        TransferState.UNCLAIMED,
                        TransferState.UNCLAIMED,
                        TransferState.UNCLAIMED,
                        TransferState.UNCLAIMED,
                        TransferState.REQUIRES_CONFIRMATION);
        assertThat(together).isEqualTo(states);
    }

    @Test
    void theFirstPaymentToSomebodyWithoutACardWaitsForOne() {
        claims.awaitArrivalRules();
        var anna = claims.somebody("PT", Currency.EUR, 50_00);
        var boris = TestPerson.signIn(Phones.next("PT"));
        Desk.patch(boris, Map.of("displayName", "Boris", "birthDate", "1990-05-17"));
        Desk.setPin(boris);
        var waits = claims.send(anna.id(), boris.phone(), eur(5_00));

        assertThat(waits.state()).isEqualTo(TransferState.UNCLAIMED);
        assertThat(waits.payee()).isEqualTo(boris.id());
        assertThat(Duration.between(waits.createdAt(), waits.expiresAt()))
                .isEqualTo(Duration.ofHours(2));
        assertThat(awaitMessage(boris.phone())).contains("Add a card within 2 h");
        boris.get(PATH + "/" + waits.id()).body("waitsFor", equalTo("card"));
        claim(boris, waits.id().toString()).statusCode(200).body("waitsFor", equalTo("card"));

        // Through the public door, as the first card is added.
        var card = till.waitingCard(boris.id(), SimulatedCard.WORKS).toString();
        await().atMost(SOON).until(() -> TestPerson.codeOf(boris.phone()) != null);
        Desk.verify(boris, card, TestPerson.codeOf(boris.phone())).statusCode(200);

        await().atMost(SOON).until(() -> boris.balance("EUR") == 5_00);
        assertThat(claims.send(anna.id(), boris.phone(), eur(1_00)).state())
                .isEqualTo(TransferState.COMPLETED);
    }

    /** From the wallet's point of view it has come in; and from the card's it goes back. */
    @ParameterizedTest
    @CsvSource({"0, claimed", "3_00, claimed", "0, cancelled", "3_00, cancelled", "3_00, refused"})
    void aCardIsChargedAtOnceAndRefundedWhereNobodyClaims(String funds, String end) {
        var anna = Desk.withoutPin();
        var inWallet = Integer.parseInt(funds.replace("_", ""));
        if (inWallet > 0) {
            anna.fund(inWallet, "USD");
        }
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        var phone = Phones.next();
        var body = new HashMap<String, Object>();
        body.put("payee", Map.of("phone", phone));
        body.put("amount", money(12_50, "USD"));
        body.put("fundingSource", Map.of("cardId", card, "use", "walletThenCard"));

        var id = id(anna.post(PATH, "k", body).statusCode(201).body("waitsFor", equalTo("claim")));

        var transfer = UUID.fromString(id);
        assertThat(Sql.column("select state from top_up where customer = ?", anna.id()))
                .containsExactly("COMPLETED");
        assertThat(claims.balance(anna.id(), Currency.USD)).isEqualTo(12_50);
        assertThat(claims.available(anna.id(), Currency.USD)).isZero();
        Claims.awaitTold(anna.id(), 1);
        var boris = claims.somebody("US", phone, usd(0));
        switch (end) {
            case "claimed" -> claims.claim(boris.id(), transfer);
            case "cancelled" ->
                    anna.post(PATH + "/" + id + "/cancellation", "c", Map.of()).statusCode(200);
            default -> {
                Sql.run("update customer set state = 'FROZEN' where id = ?", boris.id());
                assertThat(claims.refusal(boris.id(), transfer)).isEqualTo("customer-frozen");
            }
        }

        var isPaid = end.equals("claimed");
        assertThat(claims.balance(boris.id(), Currency.USD)).isEqualTo(isPaid ? 12_50 : 0);
        assertThat(claims.available(anna.id(), Currency.USD)).isEqualTo(isPaid ? 0 : inWallet);
        assertThat(claims.balance(anna.id(), Currency.USD)).isEqualTo(isPaid ? 0 : inWallet);
        if (!isPaid) {
            await().atMost(SOON)
                    .until(
                            () ->
                                    Sql.column(
                                                    "select state from charge_return where customer = ?",
                                                    anna.id())
                                            .equals(List.of("RETURNED")));
            // Of the two the processor will settle both, and they are worth nothing together.
            assertThat(
                            Sql.<Long>value(
                                    """
                                    select coalesce(sum(minor), 0)::bigint from recon_expected
                                     where item in (select id from top_up where customer = ?)
                                        or item in (select refund from charge_return where customer = ?)
                                    """,
                                    anna.id(),
                                    anna.id()))
                    .isZero();
        }
        assertBooks();
    }

    /** Only so many a day, whoever causes them; the money waits all the same. */
    @Test
    void nobodyIsSentManyMessages() {
        var anna = claims.somebody("US", Currency.USD, 50_00);
        var phone = Phones.next();
        var sent = new ArrayList<UUID>();
        for (var i = 0; i < 4; i++) {
            sent.add(claims.send(anna.id(), phone, usd(1_00)).id());
        }

        Claims.awaitTold(anna.id(), 4);
        assertThat(Claims.messages(phone)).hasSize(3);
        assertThat(sent).allMatch(it -> claims.find(it).state() == TransferState.UNCLAIMED);
    }

    /** Nobody is told that somebody is blocked: the phone is as good as nobody's. */
    @Test
    void aBlockedPersonsPhoneLooksLikeNobodysAndTheyAreToldNothing() {
        var anna = claims.somebody("US", Currency.USD, 50_00);
        var blocked = claims.somebody("US", Currency.USD, 0);
        Sql.run("update customer set state = 'BLOCKED' where id = ?", blocked.id());

        var id = claims.send(anna.id(), blocked.phone(), usd(1_00)).id();

        Claims.awaitTold(anna.id(), 1);
        assertThat(claims.find(id).state()).isEqualTo(TransferState.UNCLAIMED);
        assertThat(Claims.messages(blocked.phone())).isEmpty();
        assertThat(claims.refusal(blocked.id(), id)).isEqualTo("transfer-not-found");
        assertThat(claims.find(id).state()).isEqualTo(TransferState.UNCLAIMED);
    }

    /** Whoever signs in while it is being sent finds it, too: the message finds them. */
    @Test
    void whoBecomesACustomerMeanwhileIsPaidAllTheSame() {
        var anna = claims.somebody("US", Currency.USD, 50_00);
        var phone = Phones.next();
        var id = claims.send(anna.id(), phone, usd(1_00)).id();
        Claims.awaitTold(anna.id(), 1);
        var boris = claims.somebody("US", phone, usd(0));

        // As it would be delivered after both.
        Sql.run(
                "update outbox set delivered_at = null, due_at = created_at where topic ="
                        + " 'TransferAwaitsPayee' and payload::json ->> 'transfer' = ?",
                id.toString());

        await().atMost(SOON).until(() -> claims.balance(boris.id(), Currency.USD) == 1_00);
    }

    /** Whatever the service does, raw SQL of its own role included. */
    @Test
    void theDatabaseRefusesWhatMayNotBe() throws Exception {
        var anna = claims.somebody("US", Currency.USD, 50_00);
        var eve = claims.somebody("US", Currency.USD, 0);
        var phone = Phones.next();
        var id = claims.send(anna.id(), phone, usd(1_00)).id();
        // Whoever is here when the message goes out has the money by that.
        Claims.awaitTold(anna.id(), 1);
        var boris = claims.somebody("US", phone, usd(0));
        try (var app = Sql.asApp()) {
            refuses(
                    app,
                    "set state = 'COMPLETED', completed_at = now(), awaited = true",
                    id,
                    "transfer_payee");
            refuses(app, "set awaited = true", id, "transfer_is_final");
            refuses(
                    app,
                    "set state = 'COMPLETED', payee = '"
                            + boris.id()
                            + "', completed_at = expires_at",
                    id,
                    "transfer_is_final");
            refuses(app, "set payee = payer", id, "transfer_payee");
            claims.claim(boris.id(), id);
            refuses(app, "set payee = '" + eve.id() + "'", id, "transfer_is_final");
            refuses(app, "set state = 'UNCLAIMED'", id, "transfer_is_final");
            var other = claims.send(anna.id(), Phones.next(), usd(1_00)).id();
            Claims.end(other);
            waiting.sweep();
            refuses(
                    app,
                    "set state = 'COMPLETED', completed_at = now(), payee = '" + eve.id() + "'",
                    other,
                    "transfer_is_final");
        }
    }

    private static void refuses(Connection app, String change, UUID id, String constraint) {
        assertThatThrownBy(
                        () -> {
                            try (var statement = app.createStatement()) {
                                statement.execute(
                                        "update transfer " + change + " where id = '" + id + "'");
                            }
                        })
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(
                        constraint.equals("transfer_is_final") ? "is final" : constraint);
    }

    private static TestPerson anna() {
        var anna = TestPerson.with(20_00, "USD");
        Desk.patch(anna, Map.of("displayName", "Anna"));
        return anna;
    }

    private static ValidatableResponse send(
            TestPerson payer, String phone, long minor, String key) {
        return payer.post(
                PATH, key, Map.of("payee", Map.of("phone", phone), "amount", money(minor, "USD")));
    }

    private static ValidatableResponse claim(TestPerson person, String id) {
        return person.request().post(PATH + "/" + id + "/claim").then();
    }

    private static String id(ValidatableResponse sent) {
        return sent.extract().path("id");
    }

    private static Duration left(String from, String to) {
        return Duration.between(Instant.parse(from), Instant.parse(to));
    }

    private static String awaitMessage(String phone) {
        await().atMost(SOON).until(() -> !Claims.messages(phone).isEmpty());
        return Claims.messages(phone).get(0);
    }

    private static Money usd(long minor) {
        return new Money(minor, Currency.USD);
    }

    private static Money eur(long minor) {
        return new Money(minor, Currency.EUR);
    }

    private void assertBooks() {
        assertThat(ledger.books().findings()).isEmpty();
    }
}
