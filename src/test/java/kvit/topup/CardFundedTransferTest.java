package kvit.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.card.SimulatedFault;
import kvit.card.Simulator;
import kvit.support.DatabaseProxy;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Charge, then move: all of it, or nothing that stays. */
@KvitTest
class CardFundedTransferTest {

    private static final String PATH = "/v1/transfers";
    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject Till till;
    @Inject Simulator faults;
    @Inject ResolveTopUps resolveTopUps;
    @Inject ReturnCharges returnCharges;
    @Inject ObjectMapper json;

    TestPerson anna;
    TestPerson boris;
    UUID card;

    @BeforeEach
    void twoPeople() {
        anna = Desk.withoutPin();
        boris = Desk.withoutPin();
        card = till.card(anna.id(), SimulatedCard.WORKS);
    }

    @Test
    void theCardIsChargedAndTheMoneyGoesOn() {
        var sent = send("k", 12_50, card, null).statusCode(201);

        sent.body("state", equalTo("completed"))
                .body("fundingSource", equalTo("card"))
                .body("cardId", equalTo(card.toString()))
                .body("charged.minor", equalTo(12_50))
                .body("completedAt", notNullValue());
        String id = sent.extract().path("id");
        assertThat(anna.balance("USD")).isZero();
        assertThat(boris.balance("USD")).isEqualTo(12_50);
        assertThat(Till.charges(anna.id())).isEqualTo(1);
        anna.get("/v1/me/entries?currency=USD")
                .body("items", hasSize(2))
                .body("items.kind", hasItem("top-up"))
                .body("items.kind", hasItem("transfer"));
        // How it was paid for is the payer's to know.
        boris.get(PATH + "/" + id)
                .statusCode(200)
                .body("fundingSource", equalTo("wallet"))
                .body("cardId", nullValue())
                .body("charged", nullValue());
        // The charge is no top-up to its owner.
        anna.get("/v1/top-ups").body("items", hasSize(0));
        assertSound();
    }

    @Test
    void theWalletPaysFirstAndTheCardTheRest() {
        anna.fund(5_00, "USD");

        send("k", 12_50, card, "walletThenCard")
                .statusCode(201)
                .body("state", equalTo("completed"))
                .body("fundingSource", equalTo("walletThenCard"))
                .body("charged.minor", equalTo(7_50));

        assertThat(anna.balance("USD")).isZero();
        assertThat(held(anna)).isZero();
        assertThat(boris.balance("USD")).isEqualTo(12_50);
        assertSound();
    }

    @Test
    void aWalletThatCoversItAllLeavesTheCardAlone() {
        anna.fund(20_00, "USD");

        send("k", 12_50, card, "walletThenCard")
                .statusCode(201)
                .body("state", equalTo("completed"))
                .body("charged.minor", equalTo(0));
        send("w", 2_50, card, "wallet")
                .statusCode(201)
                .body("fundingSource", equalTo("wallet"))
                .body("cardId", nullValue());

        assertThat(Till.charges(anna.id())).isZero();
        assertThat(anna.balance("USD")).isEqualTo(5_00);
        assertSound();
    }

    @Test
    void aDeclineLeavesNothingBehind() {
        anna.fund(5_00, "USD");
        var declines = till.card(anna.id(), SimulatedCard.INSUFFICIENT_FUNDS);

        var first = send("k", 12_50, declines, "walletThenCard").statusCode(422);

        first.body("code", equalTo("card-declined"))
                .body("declineCode", equalTo("insufficient_funds"))
                .body("transferId", notNullValue());
        String id = first.extract().path("transferId");
        anna.get(PATH + "/" + id)
                .body("state", equalTo("declined"))
                .body("declineCode", equalTo("card-declined"));
        boris.get(PATH + "/" + id).statusCode(404);
        assertThat(anna.balance("USD")).isEqualTo(5_00);
        assertThat(held(anna)).isZero();
        assertThat(boris.balance("USD")).isZero();
        var replay = send("k", 12_50, declines, "walletThenCard").statusCode(422);
        assertThat(replay.extract().asString()).isEqualTo(first.extract().asString());
        replay.header("Idempotency-Replayed", "true");
        assertSound();
    }

    @Test
    void whatNobodyKnowsIsPendingWithItsPartOfTheWalletHeldAndEnds() {
        anna.fund(5_00, "USD");
        faults.addFault(SimulatedFault.TIMEOUT_AFTER, till.reference(card));
        faults.addFault(SimulatedFault.FIND_TIMEOUT, till.reference(card));

        var first = send("k", 12_50, card, "walletThenCard").statusCode(201);

        first.body("state", equalTo("pending"));
        String id = first.extract().path("id");
        assertThat(held(anna)).isEqualTo(5_00);
        anna.post(PATH + "/" + id + "/cancellation", "c", Map.of())
                .statusCode(422)
                .body("code", equalTo("transfer-not-cancellable"));
        boris.get(PATH + "/" + id).statusCode(404);
        anna.get(PATH + "?state=pending").body("items.id", hasItem(id));
        awaitState(id, "completed");
        assertThat(held(anna)).isZero();
        assertThat(boris.balance("USD")).isEqualTo(12_50);
        var replay = send("k", 12_50, card, "walletThenCard").statusCode(201);
        assertThat(replay.extract().asString()).isEqualTo(first.extract().asString());
        assertSound();
    }

    @Test
    void whatNeverArrivedIsDeclinedAndTheHoldIsReleased() {
        anna.fund(5_00, "USD");
        faults.addFault(SimulatedFault.TIMEOUT_BEFORE, till.reference(card));
        String id = send("k", 12_50, card, "walletThenCard").statusCode(201).extract().path("id");
        assertThat(held(anna)).isEqualTo(5_00);

        Till.letTimePass(anna.id());

        awaitState(id, "declined");
        assertThat(held(anna)).isZero();
        assertThat(anna.balance("USD")).isEqualTo(5_00);
        assertThat(events(id)).containsExactly("TransferDeclined");
        assertSound();
    }

    /** Whoever pays has the wallet's part again after a day, and the charge when it is found. */
    @Test
    void nothingIsHeldForEverWhereTheProcessorCannotBeAsked() {
        anna.fund(5_00, "USD");
        var reference = till.reference(card);
        faults.addFault(SimulatedFault.TIMEOUT_AFTER, reference);
        for (var i = 0; i < 60; i++) {
            faults.addFault(SimulatedFault.FIND_TIMEOUT, reference);
        }
        String id = send("k", 12_50, card, "walletThenCard").statusCode(201).extract().path("id");

        Till.letTimePass(anna.id());
        assertThat(held(anna)).isEqualTo(5_00);
        Sql.run(
                "update top_up set sent_at = sent_at - interval '25 hours', due_at = created_at"
                        + " where customer = ?",
                anna.id());

        awaitState(id, "declined");
        String why = Sql.value("select decline_code from top_up where customer = ?", anna.id());
        assertThat(why).isEqualTo("unresolved");
        assertThat(held(anna)).isZero();
        Sql.run("delete from simulated_fault where card = ?", reference);
        Till.letADayPass(anna.id());
        await().atMost(SOON)
                .until(
                        () -> {
                            work(anna.id());
                            return Till.returned(anna.id()) == 1;
                        });
        assertThat(anna.balance("USD")).isEqualTo(5_00);
        assertSound();
    }

    @Test
    void norWhereTheProcessorHasHadTheChargeOnceAndKnowsNothingOfItSince() {
        anna.fund(5_00, "USD");
        faults.addFault(SimulatedFault.TIMEOUT_BEFORE, till.reference(card));
        String id = send("k", 12_50, card, "walletThenCard").statusCode(201).extract().path("id");
        assertThat(held(anna)).isEqualTo(5_00);

        Sql.run(
                """
                update top_up
                   set name = 'gone', sent_at = sent_at - interval '25 hours', due_at = created_at
                 where customer = ?
                """,
                anna.id());

        awaitState(id, "declined");
        assertThat(
                        Sql.<String>value(
                                "select decline_code from top_up where customer = ?", anna.id()))
                .isEqualTo("unresolved");
        assertThat(held(anna)).isZero();
        assertSound();
    }

    /** Thirty at once, a hundred altogether: what is being charged counts like what has moved. */
    @Test
    void cardsChargedSideBySideDoNotGetPastWhatHasToBeConfirmed() {
        var payer = inGermany();
        var payee = inGermany();
        var slow = till.card(payer.id(), SimulatedCard.TIMES_OUT);

        for (var i = 0; i < 3; i++) {
            payer.post(PATH, "k" + i, euros(payee, 29_00, slow))
                    .statusCode(201)
                    .body("state", equalTo("pending"));
        }

        payer.post(PATH, "k3", euros(payee, 29_00, slow))
                .statusCode(201)
                .body("state", equalTo("requires_confirmation"));
        payer.post(PATH, "k4", euros(payee, 30_01, slow))
                .statusCode(201)
                .body("state", equalTo("requires_confirmation"));
        payer.post(PATH, "k5", euros(payee, 13_00, slow))
                .statusCode(201)
                .body("state", equalTo("pending"));
        assertSound();
    }

    private static TestPerson inGermany() {
        var person = Desk.withoutPin();
        Desk.patch(person, Map.of("country", "DE"));
        return person;
    }

    private static Map<String, Object> euros(TestPerson payee, long minor, UUID by) {
        return Map.of(
                "payee",
                Map.of("customerId", payee.id()),
                "amount",
                TestPerson.money(minor, "EUR"),
                "fundingSource",
                Map.of("cardId", by));
    }

    @Test
    void whatCannotGoOnAfterTheChargeGoesBackToTheCard() {
        anna.fund(5_00, "USD");
        faults.addFault(SimulatedFault.TIMEOUT_AFTER, till.reference(card));
        for (var i = 0; i < 4; i++) {
            faults.addFault(SimulatedFault.FIND_TIMEOUT, till.reference(card));
        }
        String id = send("k", 12_50, card, "walletThenCard").statusCode(201).extract().path("id");
        Sql.run("update customer set state = 'FROZEN' where id = ?", boris.id());
        Sql.run("delete from simulated_fault where card = ?", till.reference(card));

        awaitState(id, "declined");

        anna.get(PATH + "/" + id).body("declineCode", equalTo("customer-frozen"));
        await().atMost(SOON)
                .until(
                        () -> {
                            work(anna.id());
                            return Till.returned(anna.id()) == 1;
                        });
        assertThat(held(anna)).isZero();
        assertThat(anna.balance("USD")).isEqualTo(5_00);
        assertThat(boris.balance("USD")).isZero();
        assertSound();
    }

    @Test
    void fiftyRequestsOfOneKeyAreOneChargeAndOneTransfer() throws Exception {
        var body = json.writeValueAsString(body(5_00, card, "card"));

        var answers = Race.run(50, 50, () -> Http.post(anna, PATH, "k", body));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(201);
        assertThat(answers).extracting(HttpResponse::body).containsOnly(answers.get(0).body());
        assertThat(Till.charges(anna.id())).isEqualTo(1);
        assertThat(boris.balance("USD")).isEqualTo(5_00);
        assertSound();
    }

    @Test
    void twoThatRaceForTheWalletDoNotSpendItTwice() throws Exception {
        anna.fund(5_00, "USD");
        var body = json.writeValueAsString(body(8_00, card, "walletThenCard"));

        var answers =
                Race.run(4, 4, () -> Http.post(anna, PATH, UUID.randomUUID().toString(), body));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(201);
        assertThat(boris.balance("USD")).isEqualTo(4 * 8_00);
        assertThat(anna.balance("USD")).isZero();
        assertThat(charged(anna)).isEqualTo(4 * 8_00 - 5_00);
        assertSound();
    }

    /** I-04 */
    @Test
    void anotherWayToPayIsAnotherRequest() {
        anna.fund(50_00, "USD");
        send("k", 5_00, card, "card").statusCode(201);

        for (var use : List.of("walletThenCard", "wallet")) {
            send("k", 5_00, card, use)
                    .statusCode(422)
                    .body("code", equalTo("idempotency-key-reused"));
        }
        anna.send(boris, 5_00, "USD", "k").body("code", equalTo("idempotency-key-reused"));
        anna.post("/v1/top-ups", "k", Till.body(card, 5_00))
                .body("code", equalTo("idempotency-key-reused"));
        // What is left out is the card.
        send("k", 5_00, card, null).statusCode(201);
        assertThat(Till.charges(anna.id())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(DatabaseProxy.Cut.class)
    void whoeverLosesTheAnswerToTheIntentionChargesOnce(DatabaseProxy.Cut where) {
        var key = "lost-" + UUID.randomUUID();
        DatabaseProxy.cutCommitOf(key, where);

        send(key, 5_00, card, "card").statusCode(201).body("state", equalTo("completed"));

        assertThat(DatabaseProxy.isPending(key)).isFalse();
        assertThat(Till.charges(anna.id())).isEqualTo(1);
        assertSound();
    }

    @ParameterizedTest
    @CsvSource({"PREPAID, 201", "CREDIT, 422"})
    void theRulesOfSendingAreToldWhatKindOfCardItIs(SimulatedCard behaviour, int status) {
        var other = till.card(anna.id(), behaviour);

        var answer = send("k", 5_00, other, "card").statusCode(status);

        if (status == 422) {
            answer.body("code", equalTo("funding-source-unusable"));
            assertThat(Till.charges(anna.id())).isZero();
        }
        assertSound();
    }

    @Test
    void refusesWhatCannotBePaidByAndChargesNothing() {
        var waiting = till.waitingCard(anna.id(), SimulatedCard.WORKS);
        var another = till.card(boris.id(), SimulatedCard.WORKS);
        send("n", 5_00, another, "card").statusCode(404).body("code", equalTo("card-not-found"));
        send("w", 5_00, waiting, "card").statusCode(422).body("code", equalTo("card-not-active"));
        anna.post(
                        PATH,
                        "s",
                        with(body(5_00, card, "card"), "payee", Map.of("customerId", anna.id())))
                .body("code", equalTo("payer-is-payee"));
        for (var wrong : List.of("card", "", Map.of(), Map.of("use", "card"))) {
            anna.post(PATH, "v", with(body(5_00, card, "card"), "fundingSource", wrong))
                    .statusCode(400)
                    .body("code", equalTo("validation-failed"));
        }
        // No such thing, and nothing was taken: the key is still free.
        send("n", 5_00, card, "card").statusCode(201);
        assertThat(Till.charges(anna.id())).isEqualTo(1);
        assertSound();
    }

    @Test
    void aQuoteChargesAndKeepsNothing() {
        var body = new HashMap<>(body(5_00, card, "card"));

        anna.request()
                .contentType("application/json")
                .body(body)
                .post("/v1/quotes")
                .then()
                .statusCode(200)
                .body("verdict", equalTo("allowed"));

        assertThat(Sql.column("select 1 from top_up where customer = ?", anna.id())).isEmpty();
        assertThat(Sql.column("select 1 from transfer where payer = ?", anna.id())).isEmpty();
    }

    /** Every way the processor can fail, on every card that can: in the end, both or neither. */
    @Test
    void whateverTheProcessorDoesACompletedTransferIsOneChargeAndADeclinedOneIsNone() {
        var random = new Random(7);
        var tries = new ArrayList<Try>();
        var kinds = List.of(SimulatedCard.WORKS, SimulatedCard.DECLINED, SimulatedCard.TIMES_OUT);
        for (var kind : kinds) {
            for (var fault : SimulatedFault.values()) {
                var payer = Desk.withoutPin();
                payer.fund(2_00, "USD");
                var its = till.card(payer.id(), kind);
                faults.addFault(fault, till.reference(its));
                var use = random.nextBoolean() ? "card" : "walletThenCard";
                var answer = payer.post(PATH, "k" + tries.size(), body(5_00, its, use));
                assertThat(answer.extract().statusCode()).isIn(201, 422);
                Sql.run("delete from simulated_fault where card = ?", till.reference(its));
                tries.add(new Try(payer, use, kind + " " + fault));
            }
        }
        tries.forEach(it -> Till.letTimePass(it.payer().id()));
        var transfers = new HashSet<String>();
        for (var each : tries) {
            var payer = each.payer();
            await().atMost(SOON)
                    .until(
                            () -> {
                                work(payer.id());
                                return charging(payer) + toReturn(payer) == 0;
                            });
            String state = Sql.value("select state from transfer where payer = ?", payer.id());
            transfers.add(state);
            var fromCard = each.use().equals("card") ? 5_00 : 3_00;
            var isCompleted = state.equals("COMPLETED");
            assertThat(charged(payer)).as(each.what()).isEqualTo(isCompleted ? fromCard : 0);
            assertThat(payer.balance("USD"))
                    .isEqualTo(isCompleted ? 2_00 - (5_00 - fromCard) : 2_00);
            assertThat(held(payer)).isZero();
        }
        assertThat(transfers).containsExactlyInAnyOrder("COMPLETED", "DECLINED");
        assertThat(Sql.column("select 1 from books_discrepancy")).isEmpty();
    }

    /** Somebody's one transfer of 5.00, who has 2.00. */
    private record Try(TestPerson payer, String use, String what) {}

    private ValidatableResponse send(String key, long minor, UUID by, String use) {
        return anna.post(PATH, key, body(minor, by, use));
    }

    private Map<String, Object> body(long minor, UUID by, String use) {
        var source = new HashMap<String, Object>();
        source.put("cardId", by);
        if (use != null) {
            source.put("use", use);
        }
        return Map.of(
                "payee",
                Map.of("customerId", boris.id()),
                "amount",
                TestPerson.money(minor, "USD"),
                "fundingSource",
                source);
    }

    private static Map<String, Object> with(Map<String, Object> body, String field, Object value) {
        var changed = new HashMap<>(body);
        changed.put(field, value);
        return changed;
    }

    /** As often as it takes, and without waiting for the next time that the workers come. */
    private void awaitState(String id, String state) {
        await().atMost(SOON)
                .until(
                        () -> {
                            work(anna.id());
                            return anna.get(PATH + "/" + id).extract().path("state").equals(state);
                        });
    }

    /** What the workers do when it is time, now. */
    private void work(UUID customer) {
        Sql.run(
                "update top_up set due_at = created_at where customer = ? and state = 'PENDING'",
                customer);
        resolveTopUps.resolveDue();
        returnCharges.returnDue();
    }

    private static long held(TestPerson person) {
        return Sql.<Long>value(
                "select coalesce(sum(held), 0)::bigint from account where owner = ?", person.id());
    }

    private static long charging(TestPerson person) {
        return Sql.<Long>value(
                "select count(*) from transfer where payer = ? and state = 'CHARGING'",
                person.id());
    }

    private static long toReturn(TestPerson person) {
        return Sql.<Long>value(
                "select count(*) from charge_return where customer = ? and state = 'PENDING'",
                person.id());
    }

    /** What the processor has of this customer's cards, without what it gave back. */
    private static long charged(TestPerson person) {
        return Sql.<Long>value(
                """
                select coalesce(sum(case when o.kind = 'CHARGE' then o.minor else -o.minor end), 0)::bigint
                  from simulated_operation o
                  left join simulated_operation c on c.name = o.subject
                  join card on card.reference = coalesce(c.subject, o.subject)
                 where o.refusal is null and card.customer = ?
                """,
                person.id());
    }

    private static List<String> events(String transfer) {
        return Sql.column(
                "select topic from outbox where payload::json ->> 'transfer' = ?", transfer);
    }

    private void assertSound() {
        assertThat(Till.contradictions(new HashSet<>(Set.of(anna.id(), boris.id())))).isEmpty();
    }
}
