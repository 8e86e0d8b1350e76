package kvit.request;

import static io.restassured.RestAssured.given;
import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusMock;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.idempotency.Answer;
import kvit.idempotency.IdempotencyKey;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.outbox.DeliveryFailed;
import kvit.sms.Inbox;
import kvit.sms.SmsFailed;
import kvit.sms.SmsGateway;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.throttle.RateLimits;
import kvit.topup.Till;
import kvit.transfer.Expiry;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asking for money, and what becomes of it. */
@KvitTest
class RequestTest {

    private static final Duration A_DAY = Duration.ofDays(1);

    @Inject RemindOfShare remindOfShare;
    @Inject TellSharePaid tellSharePaid;
    @Inject RequestConfig config;
    @Inject RateLimits rates;
    @Inject Till till;
    @Inject RequestKeys keys;
    @Inject Inbox inbox;

    @ConfigProperty(name = "kvit.identity.look-ups-per-minute")
    long lookUpsPerMinute;

    @Inject Expiry expiry;

    TestPerson anna;
    TestPerson boris;
    TestPerson clara;

    @BeforeEach
    void people() {
        anna = Bill.person(0);
        boris = Bill.person(50_00);
        clara = Bill.person(50_00);
    }

    @Test
    void dividesABillOf10001AmongSevenAndEachPaysTheirOwn() {
        var six = Bill.people(6, 20_00);
        var bill = Bill.of(Map.of("amount", money(100_01, "EUR"), "includeMe", true), anna, six);

        assertThat(bill.amounts()).containsExactly(14_29, 14_29, 14_29, 14_29, 14_29, 14_28);
        bill.seen().body("sums.mine.minor", equalTo(14_28), "state", equalTo("open"));
        for (var payer = 0; payer < 6; payer++) {
            bill.pay(payer)
                    .statusCode(201)
                    .body("state", equalTo("completed"))
                    .body("payee.id", equalTo(anna.id().toString()))
                    .body("request.id", equalTo(bill.id()))
                    .body("request.shareId", equalTo(bill.shares().get(payer)));
        }

        assertThat(anna.balance("EUR")).isEqualTo(100_01 - 14_28);
        bill.seen()
                .body("state", equalTo("settled"))
                .body("endedAt", notNullValue())
                .body("shares.state", everyItem(equalTo("paid")))
                .body("shares.transferId", hasSize(6))
                .body("sums.paid.minor", equalTo(100_01 - 14_28))
                .body("sums.open.minor", equalTo(0));
    }

    @Test
    void asksForATotalPerHeadByAmountsAndByShares() {
        var two = List.of(boris, clara);
        var perHead = Map.<String, Object>of("amount", money(12_50, "EUR"), "perHead", true);
        assertThat(Bill.of(perHead, anna, two).seen().extract().<Integer>path("amount.minor"))
                .isEqualTo(25_00);

        Bill.ask(
                        anna,
                        "amounts",
                        Map.of(
                                "amount",
                                money(30_00, "EUR"),
                                "split",
                                "amounts",
                                "includeMe",
                                true,
                                "payers",
                                List.of(
                                        Map.of(
                                                "phone",
                                                boris.phone(),
                                                "amount",
                                                money(12_01, "EUR")),
                                        Map.of(
                                                "customerId",
                                                clara.id(),
                                                "amount",
                                                money(7_99, "EUR")))))
                .statusCode(201)
                .body("split", equalTo("amounts"))
                .body("shares.amount.minor", contains(12_01, 7_99))
                .body("shares.payer.id[0]", equalTo(boris.id().toString()))
                .body("sums.mine.minor", equalTo(10_00));

        Bill.ask(
                        anna,
                        "shares",
                        Map.of(
                                "amount",
                                money(10_00, "EUR"),
                                "split",
                                "shares",
                                "note",
                                "🍕",
                                "conversation",
                                "chat-7",
                                "payers",
                                List.of(
                                        Map.of("customerId", boris.id(), "shares", 2),
                                        Map.of("customerId", clara.id(), "shares", 1))))
                .statusCode(201)
                .body("shares.amount.minor", contains(6_67, 3_33))
                .body("note", equalTo("🍕"))
                .body("conversation", equalTo("chat-7"));
    }

    @Test
    void isOneRequestPerKeyAndKeepsItsRefusals() {
        var body = Bill.body(Map.of("amount", money(10_00, "EUR")), List.of(boris, clara));
        var first = Bill.ask(anna, "k", body).statusCode(201).extract();
        var again = Bill.ask(anna, "k", body).statusCode(201).extract();

        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(first.header("Idempotency-Replayed")).isNull();
        Bill.ask(anna, "k", Bill.body(Map.of("amount", money(10_01, "EUR")), List.of(boris)))
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        boris.send(clara, 1, "EUR", "of a transfer").statusCode(201);
        Bill.ask(boris, "of a transfer", body)
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"))
                .body("transferId", notNullValue());
        anna.fund(1, "EUR");
        anna.send(boris, 1, "EUR", "k")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        anna.get("/v1/requests").body("items", hasSize(1));

        var self = Bill.body(Map.of("amount", money(10_00, "EUR")), List.of(boris, boris));
        var refused = Bill.ask(anna, "twice", self).statusCode(422).extract().asString();
        assertThat(Bill.ask(anna, "twice", self).extract().asString()).isEqualTo(refused);
    }

    @Test
    void isPaidOnceWhateverKeysAreUsed() {
        var bill = Bill.of(20_00, anna, boris, clara);
        var first = bill.pay(0, "mine").statusCode(201).extract().asString();

        var replay = bill.pay(0, "mine").statusCode(201).extract();
        assertThat(replay.asString()).isEqualTo(first);
        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");
        bill.pay(0, "another")
                .statusCode(422)
                .body("code", equalTo("share-not-open"))
                .body("state", equalTo("paid"))
                .body("transferId", notNullValue());
        bill.decline(0).statusCode(422).body("code", equalTo("share-not-open"));
        bill.remind(0).statusCode(422).body("code", equalTo("share-not-open"));
        assertThat(anna.balance("EUR")).isEqualTo(10_00);
        assertThat(bill.states()).containsExactly("paid", "open");
    }

    @Test
    void staysOpenWhenAPaymentIsRefused() {
        var poor = Bill.person(5_00);
        var bill = Bill.of(10_00, anna, poor);
        bill.pay(0, "poor").statusCode(422).body("code", equalTo("insufficient-funds"));

        assertThat(bill.states()).containsExactly("open");
        poor.fund(5_00, "EUR");
        bill.pay(0, "poor").statusCode(422);
        bill.pay(0).statusCode(201);
        assertThat(bill.states()).containsExactly("paid");
    }

    @Test
    void takesNoOtherAmountThanTheOneThatIsAskedFor() {
        var bill = Bill.of(10_00, anna, boris);
        bill.pay(0, "less", Map.of("amount", money(9_99, "EUR")))
                .statusCode(422)
                .body("code", equalTo("share-amount-differs"))
                .body("amount.minor", equalTo(10_00));
        bill.pay(0, "right", Map.of("amount", money(10_00, "EUR"))).statusCode(201);
        assertThat(anna.balance("EUR")).isEqualTo(10_00);
    }

    @Test
    void isPaidByCardAndOpenAgainWhereTheCardDeclines() {
        var dollars = Map.<String, Object>of("amount", money(25_00, "USD"));
        var payer = Desk.withoutPin();
        var bill = Bill.of(dollars, TestPerson.fresh(), List.of(payer, TestPerson.fresh()));
        var declines = till.card(payer.id(), SimulatedCard.INSUFFICIENT_FUNDS);
        var works = till.card(payer.id(), SimulatedCard.WORKS);

        bill.pay(0, "declines", Map.of("fundingSource", Map.of("cardId", declines)))
                .statusCode(422)
                .body("code", equalTo("card-declined"));
        assertThat(bill.states()).containsExactly("open", "open");
        bill.pay(0, "works", Map.of("fundingSource", Map.of("cardId", works)))
                .statusCode(201)
                .body("state", equalTo("completed"))
                .body("fundingSource", equalTo("card"))
                .body("request.id", equalTo(bill.id()));
        bill.pay(0, "again", Map.of("fundingSource", Map.of("cardId", works)))
                .statusCode(422)
                .body("code", equalTo("share-not-open"));

        assertThat(bill.states()).containsExactly("paid", "open");
        assertThat(bill.asker().balance("USD")).isEqualTo(12_50);
        payer.fund(12_50, "USD");
        var second = Bill.of(dollars, bill.asker(), List.of(payer, TestPerson.fresh()));
        var walletFirst = Map.of("cardId", works, "use", "walletThenCard");
        second.pay(0, "wallet", Map.of("fundingSource", walletFirst))
                .statusCode(201)
                .body("charged.minor", equalTo(0));
        assertThat(second.states()).containsExactly("paid", "open");
    }

    @Test
    void isBeingPaidWhileTheTransferWaitsAndPaidWhenItIsConfirmed() {
        var bill = Bill.of(40_00, anna, boris);
        var id =
                bill.pay(0)
                        .statusCode(201)
                        .body("state", equalTo("requires_confirmation"))
                        .extract()
                        .<String>path("id");

        assertThat(bill.states()).containsExactly("paying");
        bill.seen().body("shares[0].transferId", nullValue());
        bill.seenBy(boris).body("shares[0].transferId", equalTo(id));
        bill.pay(0).statusCode(422).body("state", equalTo("paying"));
        bill.decline(0).statusCode(422).body("state", equalTo("paying"));
        boris.confirm(id).statusCode(200).body("request.id", equalTo(bill.id()));
        assertThat(bill.states()).containsExactly("paid");
        bill.seen().body("state", equalTo("settled"));
    }

    @Test
    void isOpenAgainWhenTheTransferForItComesToNothing() {
        var bill = Bill.of(40_00, anna, boris);
        var taken = bill.pay(0).statusCode(201).extract().<String>path("id");
        boris.post("/v1/transfers/" + taken + "/cancellation", "back", Map.of()).statusCode(200);
        assertThat(bill.states()).containsExactly("open");

        var late = bill.pay(0).statusCode(201).extract().<String>path("id");
        Sql.run("update transfer set expires_at = created_at where id = ?", UUID.fromString(late));
        expiry.sweep();
        await().untilAsserted(() -> assertThat(bill.states()).containsExactly("open"));

        bill.decline(0).statusCode(200).body("shares[0].state", equalTo("declined"));
        assertThat(boris.balance("EUR")).isEqualTo(50_00);
    }

    @Test
    void stopsOnlyWhatIsUnpaidAndLeavesWhatIsBeingPaidToItsTransfer() {
        var dora = Bill.person(50_00);
        var emil = Bill.person(50_00);
        var bill = Bill.of(160_00, anna, boris, clara, dora, emil);
        var first = bill.pay(0).extract().<String>path("id");
        var second = bill.pay(1).extract().<String>path("id");
        boris.confirm(first).statusCode(200);
        var waits = bill.pay(2).extract().<String>path("id");
        bill.cancel().statusCode(200).body("state", equalTo("cancelled"));
        bill.cancel().statusCode(200);

        assertThat(bill.states()).containsExactly("paid", "paying", "paying", "cancelled");
        bill.pay(3).statusCode(422).body("state", equalTo("cancelled"));
        clara.confirm(second).statusCode(200);
        dora.post("/v1/transfers/" + waits + "/cancellation", "back", Map.of()).statusCode(200);

        assertThat(bill.states()).containsExactly("paid", "paid", "cancelled", "cancelled");
        bill.seen()
                .body("state", equalTo("cancelled"))
                .body("sums.paid.minor", equalTo(80_00))
                .body("sums.cancelled.minor", equalTo(80_00));
        bill.remind(3).statusCode(422);
        bill.divide(3, true).statusCode(422).body("code", equalTo("request-not-open"));
        assertThat(emil.balance("EUR")).isEqualTo(50_00);
        assertThat(anna.balance("EUR")).isEqualTo(80_00);
    }

    @Test
    void isDeclinedForGood() {
        var bill = Bill.of(20_00, anna, boris, clara);
        bill.decline(1).statusCode(200).body("shares.state", contains("open", "declined"));
        bill.decline(1).statusCode(200);
        bill.pay(1).statusCode(422).body("state", equalTo("declined"));
        bill.remind(1).statusCode(422);
        bill.pay(0).statusCode(201);

        bill.seen()
                .body("state", equalTo("settled"))
                .body("sums.declined.minor", equalTo(10_00))
                .body("sums.paid.minor", equalTo(10_00));
        bill.cancel().statusCode(422).body("code", equalTo("request-not-open"));
    }

    @Test
    void dividesWhatIsDeclinedAmongTheOthersToTheCent() {
        var dora = Bill.person(50_00);
        var emil = Bill.person(50_00);
        var bill = Bill.of(50_02, anna, boris, clara, dora, emil);
        assertThat(bill.amounts()).containsExactly(12_51, 12_51, 12_50, 12_50);
        bill.pay(0).statusCode(201);
        bill.divide(1, false).statusCode(422).body("code", equalTo("share-not-declined"));
        bill.decline(1).statusCode(200);

        bill.divide(1, true)
                .statusCode(200)
                .body("shares.state", contains("paid", "divided", "open", "open"))
                .body("shares.amount.minor", contains(12_51, 12_51, 16_67, 16_67))
                .body("sums.mine.minor", equalTo(4_17))
                .body("sums.declined.minor", equalTo(0));
        bill.divide(1, true).statusCode(200).body("sums.mine.minor", equalTo(4_17));
        bill.pay(2, "old", Map.of("amount", money(12_50, "EUR")))
                .statusCode(422)
                .body("code", equalTo("share-amount-differs"));
        bill.pay(2).statusCode(201);
        bill.decline(3).statusCode(200);
        bill.divide(3, false).statusCode(422).body("code", equalTo("nobody-left"));
        bill.divide(3, true)
                .statusCode(200)
                .body("state", equalTo("settled"))
                .body("sums.paid.minor", equalTo(29_18))
                .body("sums.mine.minor", equalTo(20_84));
        assertThat(anna.balance("EUR")).isEqualTo(29_18);
    }

    @Test
    void remindsOnceADayAndByItselfWhereThatWasAskedFor() {
        var bill = Bill.of(20_00, anna, boris, clara);
        bill.remind(0).statusCode(200).body("shares[0].remindedAt", notNullValue());
        bill.remind(0)
                .statusCode(429)
                .body("code", equalTo("reminder-too-soon"))
                .body("retryAfter", greaterThan(80_000));
        bill.remind(1).statusCode(200);
        aDayAgo(bill.shares().get(0), "reminded_at");
        bill.remind(0).statusCode(200);
        awaitMessage(boris, "reminds you");

        var asked = Map.<String, Object>of("amount", money(2_00, "EUR"), "autoRemind", true);
        var auto = Bill.of(asked, anna, List.of(boris, clara));
        auto.seen().body("shares.remindsAt", everyItem(notNullValue()));
        auto.pay(1).statusCode(201);
        aDayAgo(auto.shares().get(0), "remind_at");
        aDayAgo(auto.shares().get(1), "remind_at");
        remindOfShare.sweep();
        auto.seen()
                .body("shares[0].remindedAt", notNullValue())
                .body("shares[0].remindsAt", nullValue())
                .body("shares[1].remindedAt", nullValue());
        auto.remind(0).statusCode(429);
        assertThat(bill.states()).containsExactly("open", "open");
    }

    private static void aDayAgo(String share, String column) {
        Sql.run(
                "update request_share set "
                        + column
                        + " = now() - interval '25 hours' where id = ?",
                UUID.fromString(share));
    }

    @Test
    void showsTheAskerAllOfItAndTheAskedTheirOwnAndWhoHasPaid() {
        var bill = Bill.of(20_00, anna, boris, clara);
        bill.pay(0).statusCode(201);

        bill.seenBy(clara)
                .statusCode(200)
                .body("asker.id", equalTo(anna.id().toString()))
                .body("amount.minor", equalTo(20_00))
                .body("sums", nullValue())
                .body("shares.state", contains("paid", "open"))
                .body("shares[0].amount", nullValue())
                .body("shares[0].transferId", nullValue())
                .body("shares[1].amount.minor", equalTo(10_00));
        bill.seen().body("shares.amount.minor", contains(10_00, 10_00));
        bill.seenBy(Bill.person(0)).statusCode(404).body("code", equalTo("request-not-found"));
    }

    @Test
    void leavesEachStepToThoseWhoseItIs() {
        var bill = Bill.of(20_00, anna, boris, clara);
        var stranger = Bill.person(50_00);

        clara.post(bill.path(0, "payment"), "others", Map.of())
                .statusCode(403)
                .body("code", equalTo("not-the-asked"));
        anna.post(bill.path(0, "payment"), "own", Map.of()).statusCode(403);
        stranger.post(bill.path(0, "payment"), "strange", Map.of())
                .statusCode(404)
                .body("code", equalTo("request-not-found"));
        Bill.post(anna, bill.path(0, "decline")).statusCode(403);
        Bill.post(clara, bill.path(0, "decline")).statusCode(403);
        Bill.post(boris, bill.path(0, "reminder"))
                .statusCode(403)
                .body("code", equalTo("not-the-asker"));
        Bill.post(boris, "/v1/requests/" + bill.id() + "/cancellation").statusCode(403);
        Bill.post(stranger, "/v1/requests/" + bill.id() + "/cancellation").statusCode(404);
        boris.request()
                .contentType(ContentType.JSON)
                .body(Map.of())
                .post(bill.path(0, "re-split"))
                .then()
                .statusCode(403);
        Bill.post(anna, bill.path(0, "reminder").replace(bill.shares().get(0), bill.id()))
                .statusCode(404)
                .body("code", equalTo("share-not-found"));
        assertThat(bill.states()).containsExactly("open", "open");
    }

    @Test
    void listsWhatOneAsksForAndIsAskedFor() {
        var first = Bill.of(10_00, anna, boris);
        var second = Bill.of(10_00, anna, boris, clara);
        var third = Bill.of(10_00, boris, anna);
        first.pay(0).statusCode(201);

        assertThat(ids(boris, "")).containsExactly(third.id(), second.id(), first.id());
        assertThat(ids(boris, "?role=asked")).containsExactly(second.id(), first.id());
        assertThat(ids(boris, "?role=asking")).containsExactly(third.id());
        assertThat(ids(anna, "?role=asking&state=settled")).containsExactly(first.id());
        assertThat(ids(clara, "?role=asked&state=open")).containsExactly(second.id());
        var page = boris.get("/v1/requests?limit=2").extract().jsonPath();
        assertThat(page.<String>getList("items.id")).containsExactly(third.id(), second.id());
        var cursor = page.getString("nextCursor");
        assertThat(ids(boris, "?limit=2&cursor=" + cursor)).containsExactly(first.id());
        boris.get("/v1/requests?role=asked&cursor=" + cursor).statusCode(400);
        boris.get("/v1/requests?role=both").statusCode(400);
        boris.get("/v1/requests?state=gone").statusCode(400);
    }

    private static List<String> ids(TestPerson person, String query) {
        return person.get("/v1/requests" + query)
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.id");
    }

    @Test
    void tellsEverybodyWhomItConcernsInTheirLanguage() {
        change(anna, Map.of("displayName", "Anna", "locale", "ru"));
        change(boris, Map.of("displayName", "Boris", "locale", "fr"));
        var bill = Bill.of(30_00, anna, boris, clara, Bill.person(0));

        awaitMessage(boris, "Kvit : \"Anna\" vous demande 10.00 EUR.");
        awaitMessage(clara, "Kvit: \"Anna\" asks you for 10.00 EUR.");
        bill.pay(0).statusCode(201);
        awaitMessage(anna, "Kvit: от \"Boris\" по вашему запросу получено 10.00 EUR.");
        bill.decline(2).statusCode(200);
        awaitMessage(anna, "отказывается заплатить вам 10.00 EUR.");
        bill.divide(2, false).statusCode(200);
        awaitMessage(clara, "now asks you for 20.00 EUR");
        bill.cancel().statusCode(200);
        awaitMessage(clara, "\"Anna\" does not ask you for 20.00 EUR any more.");
    }

    @Test
    void fillsNobodysPhone() throws Exception {
        use("request-message:", config.messagesPerDay(), config.messagesPerDay() - 1L, A_DAY);
        var one = UUID.randomUUID();
        var request = UUID.randomUUID();
        var cent = new Money(1, Currency.EUR);
        var paid = new SharePaid(request, one, anna.id(), boris.id(), cent);
        tellSharePaid.deliver(paid);
        awaitMessage(anna, "has paid you 0.01 EUR");

        tellSharePaid.deliver(new SharePaid(request, one, anna.id(), boris.id(), cent.plus(cent)));
        assertThat(messages(anna)).noneMatch(it -> it.contains("0.02 EUR"));
    }

    private static void change(TestPerson person, Map<String, Object> profile) {
        person.request()
                .contentType(ContentType.JSON)
                .body(profile)
                .patch("/v1/me")
                .then()
                .statusCode(200);
    }

    private static void awaitMessage(TestPerson person, String text) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(messages(person)).anyMatch(it -> it.contains(text)));
    }

    private static List<String> messages(TestPerson person) {
        return given().queryParam("phone", person.phone())
                .get("/v1/sandbox/messages")
                .jsonPath()
                .getList("items.text");
    }

    @Test
    void tellsOfAnUnknownPhoneNoMoreThanLookingItUpAndCountsItTheSame() {
        use("look-up:", lookUpsPerMinute, lookUpsPerMinute - 3, Duration.ofMinutes(1));
        var phone = Phones.next("FR");
        var body = asking(List.of(Map.of("customerId", boris.id()), Map.of("phone", phone)));
        Bill.ask(anna, "k", body)
                .statusCode(404)
                .body("code", equalTo("person-not-found"))
                .body("errors.pointer", contains("/payers/1"));
        var joined = TestPerson.signIn(phone);
        Bill.ask(anna, "k", body)
                .statusCode(201)
                .body("shares.payer.id[1]", equalTo(joined.id().toString()));
        Bill.ask(anna, "k", body).statusCode(201);
        anna.get("/v1/people?handle=nobody_here").statusCode(404);

        Bill.ask(anna, "another", body)
                .statusCode(429)
                .body("code", equalTo("too-many-requests"))
                .body("retryAfter", greaterThan(0));
        Bill.ask(anna, "k", body).statusCode(201);
        Bill.ask(anna, "by id", asking(List.of(Map.of("customerId", boris.id())))).statusCode(201);

        Sql.run("update customer set state = 'BLOCKED' where id = ?", joined.id());
        Bill.ask(anna, "blocked", asking(List.of(Map.of("customerId", joined.id()))))
                .statusCode(404)
                .body("code", equalTo("person-not-found"));
    }

    @Test
    void asksNoMorePeopleThanMayBeAskedInADay() {
        use("request:", config.askedPerDay(), config.askedPerDay() - 2, A_DAY);
        var two =
                asking(List.of(Map.of("customerId", boris.id()), Map.of("customerId", clara.id())));
        Bill.ask(anna, "k", two).statusCode(201);
        Bill.ask(anna, "k", two).statusCode(201);

        Bill.ask(anna, "another", asking(List.of(Map.of("customerId", boris.id()))))
                .statusCode(429)
                .body("retryAfter", greaterThan(80_000));
    }

    /** Of people whom nobody has asked nothing is used up. */
    @Test
    void whatIsRefusedCostsNothingOfTheDay() {
        use("request:", config.askedPerDay(), config.askedPerDay() - 1, A_DAY);
        var one = asking(List.of(Map.of("customerId", boris.id())));
        Bill.ask(anna, "self", asking(List.of(Map.of("customerId", anna.id()))))
                .statusCode(422)
                .body("code", equalTo("asker-is-payer"));
        Bill.ask(anna, "nobody", asking(List.of(Map.of("customerId", UUID.randomUUID()))))
                .statusCode(404);
        use("look-up:", lookUpsPerMinute, lookUpsPerMinute, Duration.ofMinutes(1));
        Bill.ask(anna, "look-up", asking(List.of(Map.of("handle", "nobody_here")))).statusCode(429);

        Bill.ask(anna, "k", one).statusCode(201);
        Bill.ask(anna, "another", one).statusCode(429);
    }

    /** Nobody knows whose COMMIT it was, but the id that was to stand for the key. */
    @Test
    void aRefusalWhoseCommitWasLostIsTheFirstAnswer() {
        var claim =
                new RequestKeys.Claim(
                        anna.id(), IdempotencyKey.parse("lost"), "0".repeat(64), "request");
        var own = UUID.randomUUID();
        var refusal = new Answer(422, "{}", false);
        QuarkusTransaction.requiringNew()
                .run(() -> keys.take(claim, own, null, refusal, Instant.now()));

        assertThat(answer(claim, own)).hasValue(refusal);
        assertThat(answer(claim, UUID.randomUUID())).hasValue(new Answer(422, "{}", true));
    }

    private Optional<Answer> answer(RequestKeys.Claim claim, UUID own) {
        return QuarkusTransaction.requiringNew().call(() -> keys.answer(claim, own));
    }

    /** The last fence: whoever switches the triggers off leaves a trace that the view finds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "update request_share set state = 'PAYING', ended_at = null where id = ?",
                "update request_share set state = 'DECLINED', transfer = null where id = ?",
                "update request_share set transfer = gen_random_uuid() where id = ?",
                "update request_share set minor = minor + 1 where id = ?",
                "update transfer set state = 'DECLINED', decline_code = 'x', completed_at = null"
                        + " where share = ?",
                "update transfer set share = gen_random_uuid() where share = ?"
            })
    void aShareThatIsNotWhatItsTransferIsIsFound(String bend) throws SQLException {
        var bill = Bill.of(20_00, anna, boris, clara);
        bill.pay(0).statusCode(201);
        try (var connection = Sql.asOwner()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("alter table request_share disable trigger user");
                statement.execute("alter table transfer disable trigger user");
            }
            assertThat(findings(connection)).isZero();
            try (var statement = connection.prepareStatement(bend)) {
                statement.setObject(1, UUID.fromString(bill.shares().get(0)));
                assertThat(statement.executeUpdate()).isOne();
            }
            assertThat(findings(connection)).isPositive();
            connection.rollback();
        }
    }

    private static int findings(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "select count(*) from books_discrepancy"
                                        + " where finding like 'share%'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** It was tried, and nobody has had it. */
    @Test
    void whatTheGatewayRefusesIsNoMessageOfTheDay() throws Exception {
        use("request-message:", config.messagesPerDay(), config.messagesPerDay() - 1L, A_DAY);
        var paid =
                new SharePaid(
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        anna.id(),
                        boris.id(),
                        new Money(3, Currency.EUR));
        var refuses = new AtomicBoolean(true);
        QuarkusMock.installMockForType(
                (SmsGateway)
                        sms -> {
                            if (refuses.get() && sms.phone().equals(anna.phone())) {
                                throw SmsFailed.forNow("away");
                            }
                            inbox.send(sms);
                        },
                SmsGateway.class);
        assertThatThrownBy(() -> tellSharePaid.deliver(paid)).isInstanceOf(DeliveryFailed.class);
        refuses.set(false);

        tellSharePaid.deliver(paid);

        awaitMessage(anna, "has paid you 0.03 EUR");
    }

    private void use(String bucket, long all, long used, Duration period) {
        var limit = new RateLimits.Limit(all, period);
        assertThat(rates.take(bucket + anna.id(), used, limit)).isEmpty();
    }

    private static Map<String, Object> asking(List<Map<String, Object>> payers) {
        return Map.of("amount", money(10_00, "EUR"), "payers", payers);
    }

    @Test
    void keepsTheTablesToWhatTheyMayBecome() {
        var bill = Bill.of(20_00, anna, boris, clara);
        var id = UUID.fromString(bill.id());
        var share = UUID.fromString(bill.shares().get(0));
        assertRefused(
                "request_shares_are_all",
                "update request_share set minor = minor + 1 where id = ?",
                share);
        assertRefused(
                "request_ends_once",
                "update request set state = 'SETTLED', ended_at = now() where id = ?",
                id);
        assertRefused("refuse_change", "delete from request_share where id = ?", share);
        bill.decline(0).statusCode(200);
        assertRefused(
                "request_share_moves",
                "update request_share set state = 'OPEN', ended_at = null where id = ?",
                share);
        bill.pay(1).statusCode(201);
        assertRefused(
                "request_ends_once",
                "update request set state = 'OPEN', ended_at = null where id = ?",
                id);
        var paid = UUID.fromString(bill.shares().get(1));
        assertRefused(
                "transfer_pays_share",
                """
                insert into transfer
                select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(),
                                                                   'key', 'twice'))).*
                  from transfer t where share = ?
                """,
                paid);
    }

    private static void assertRefused(String by, String sql, UUID id) {
        assertThatThrownBy(() -> Sql.run(sql, id)).cause().hasStackTraceContaining(by);
    }
}
