package kvit.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.card.Desk;
import kvit.card.MoneyOnly;
import kvit.card.Operation;
import kvit.card.Reason;
import kvit.card.Result;
import kvit.card.SimulatedCard;
import kvit.card.SimulatedFault;
import kvit.card.Simulator;
import kvit.card.Speed;
import kvit.idempotency.Answer;
import kvit.source.Clock;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import kvit.topup.Till;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One intention, one debit, one push, whatever the processor says and whenever. */
@KvitTest
class PayoutTest {

    private static final String PATH = "/v1/payouts";
    private static final Duration SOON = Duration.ofSeconds(20);

    /**
     * A processor that says one thing after the other, the last for ever, and keeps what it heard.
     */
    private static class Saying implements MoneyOnly {
        final List<Operation> told = Collections.synchronizedList(new ArrayList<>());
        private final Deque<Result> said = new ArrayDeque<>();
        private Result found = new Result.NotFound();

        Saying(Result... said) {
            this.said.addAll(List.of(said));
        }

        Saying finding(Result found) {
            this.found = found;
            return this;
        }

        @Override
        public Result carryOut(Operation operation) {
            assertThat(QuarkusTransaction.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
            told.add(operation);
            return said.size() > 1 ? said.remove() : said.element();
        }

        @Override
        public Result find(Operation operation) {
            assertThat(QuarkusTransaction.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
            return found;
        }
    }

    @Inject Payouts payouts;
    @Inject Till till;
    @Inject Desk desk;
    @Inject Simulator simulated;
    @Inject PayoutStore store;
    @Inject Clock clock;
    @Inject ObjectMapper json;

    @Test
    void aStandardPayoutWaitsAndArrivesDaysLaterOrComesBackWithAMessage() {
        var anna = Desk.withoutPin();
        anna.fund(50_00, "USD");
        var works = till.card(anna.id(), SimulatedCard.WORKS);
        var returns = till.card(anna.id(), SimulatedCard.RETURNED);

        var answer = anna.post(PATH, "a", Payouts.body(works, 12_50, "standard")).statusCode(201);
        answer.body("state", equalTo("in_transit"))
                .body("cardId", equalTo(works.toString()))
                .body("amount", equalTo(asRead(12_50)))
                .body("fee", equalTo(asRead(0)))
                .body("speed", equalTo("standard"))
                .body("requestedSpeed", equalTo("standard"))
                .body("cancellable", equalTo(true))
                .body("paidAt", nullValue());
        String arrives = answer.extract().path("id");
        assertThat(
                        Duration.between(
                                Instant.parse(answer.extract().path("createdAt")),
                                Instant.parse(answer.extract().path("cancellableUntil"))))
                .isEqualTo(Duration.ofMinutes(15));
        assertThat(Instant.parse(answer.extract().path("estimatedArrival")))
                .isBetween(
                        clock.instant().plus(2, ChronoUnit.DAYS),
                        clock.instant().plus(10, ChronoUnit.DAYS));
        String comesBack =
                anna.post(PATH, "b", Payouts.body(returns, 7_50, "standard"))
                        .statusCode(201)
                        .extract()
                        .path("id");
        assertThat(anna.balance("USD")).isEqualTo(30_00);

        TestClock.advance(Duration.ofDays(1));

        var later = TestPerson.signIn(anna.phone());
        awaitState(later, arrives, "paid");
        awaitState(later, comesBack, "returned");
        later.get(PATH + "/" + arrives)
                .body("paidAt", notNullValue())
                .body("cancellable", equalTo(false))
                .body("cancellableUntil", nullValue());
        later.get(PATH + "/" + comesBack)
                .body("returnedAt", notNullValue())
                .body("declineCode", equalTo("returned"));
        assertThat(later.balance("USD")).isEqualTo(37_50);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(Desk.message(later)).contains("7.50 USD did not reach"));
        later.get("/v1/me/entries?currency=USD")
                .body("items[0].kind", equalTo("payout-returned"))
                .body("items[1].kind", equalTo("payout"));
        assertNoContradictions(anna.id());
    }

    @Test
    void anInstantPayoutCostsItsFeeAndIsHandedOverAtOnce() {
        var anna = Desk.withoutPin();
        anna.fund(100_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);

        var answer = anna.post(PATH, "k", Payouts.body(card, 80_00, "instant")).statusCode(201);

        answer.body("state", equalTo("in_transit"))
                .body("fee", equalTo(asRead(80)))
                .body("speed", equalTo("instant"));
        assertThat(Instant.parse(answer.extract().path("estimatedArrival")))
                .isBefore(clock.instant().plus(31, ChronoUnit.MINUTES));
        assertThat(anna.balance("USD")).isEqualTo(19_20);
        String id = answer.extract().path("id");
        await().atMost(SOON).until(() -> Payouts.pushes(anna.id()) == 1);
        anna.post(PATH + "/" + id + "/cancellation", "c", Map.of())
                .statusCode(422)
                .body("code", equalTo("payout-not-cancellable"))
                .body("payoutId", equalTo(id))
                .body("state", equalTo("in_transit"));

        TestClock.advance(Duration.ofMinutes(3));
        awaitState(anna, id, "paid");
        assertNoContradictions(anna.id());
    }

    @Test
    void whatCannotBeQuickGetsItsFeeBackAndGoesAsAStandardOne() {
        var person = Desk.withoutPin();
        var anna = person.id();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        simulated.addFault(SimulatedFault.DECLINE, till.reference(card));
        var payout = payouts.ripe(anna, "k", card, 80_00, Speed.INSTANT);
        assertThat(Payouts.balance(anna)).isEqualTo(19_20);

        payouts.carrying(simulated).carryOut(payout);

        var slowed = payouts.payout(anna, "k");
        assertThat(slowed.state()).isEqualTo(PayoutState.IN_TRANSIT);
        assertThat(slowed.speed()).isEqualTo(Speed.STANDARD);
        assertThat(slowed.push()).isNotEqualTo(payout.push());
        assertThat(Payouts.balance(anna)).isEqualTo(20_00);
        var view = PayoutView.of(slowed);
        assertThat(view.requestedSpeed()).isEqualTo(Speed.INSTANT);
        assertThat(view.fee().minor()).isZero();
        assertThat(view.estimatedArrival()).isAfter(clock.instant().plus(2, ChronoUnit.DAYS));
        await().atMost(SOON)
                .until(() -> Desk.message(person).contains("80.00 USD could not be instant"));

        carryOutToTheEnd(anna, "k");

        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.PAID);
        assertThat(Payouts.balance(anna)).isEqualTo(20_00);
        assertThat(Payouts.pushes(anna)).isEqualTo(1);
        assertNoContradictions(anna);
    }

    @ParameterizedTest
    @EnumSource(Speed.class)
    void whatComesBackIsInTheWalletWithItsFee(Speed speed) {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.RETURNED);
        payouts.ripe(anna, "k", card, 80_00, speed);

        carryOutToTheEnd(anna, "k");

        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.RETURNED);
        assertThat(Payouts.balance(anna)).isEqualTo(100_00);
        assertNoContradictions(anna);
    }

    @Test
    void whatHasArrivedMayComeBackOnceAllTheSame() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "k", card, 80_00, Speed.INSTANT);
        var processor =
                new Saying(new Result.Done("p_" + payout.id()))
                        .finding(new Result.Declined("account_closed"));
        payouts.carrying(processor).carryOut(payout);
        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.PAID);
        assertThat(Payouts.balance(anna)).isEqualTo(19_20);

        for (var i = 0; i < 3; i++) {
            payouts.carrying(processor).carryOut(payouts.payout(anna, "k"));
        }

        var returned = payouts.payout(anna, "k");
        assertThat(returned.state()).isEqualTo(PayoutState.RETURNED);
        assertThat(returned.paidAt()).isNotNull();
        assertThat(returned.declineCode()).isEqualTo("account_closed");
        assertThat(Payouts.balance(anna)).isEqualTo(100_00);
        assertThat(Sql.column("select 1 from books_discrepancy")).isEmpty();
    }

    @Test
    void whatStripeCannotPayOutComesBackWithItsFeeAndItsReason() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        payouts.ripe(anna, "k", card, 80_00, Speed.INSTANT);
        var declining = new Saying(new Result.Declined("payout_not_supported"));

        payouts.carrying(declining).carryOut(payouts.payout(anna, "k"));
        Payouts.ripen(anna);
        payouts.carrying(declining).carryOut(payouts.payout(anna, "k"));

        var returned = payouts.payout(anna, "k");
        assertThat(returned.state()).isEqualTo(PayoutState.RETURNED);
        assertThat(returned.declineCode()).isEqualTo("payout_not_supported");
        assertThat(Payouts.balance(anna)).isEqualTo(100_00);
        assertThat(declining.told)
                .extracting(it -> ((Operation.Push) it).speed())
                .containsExactly(Speed.INSTANT, Speed.STANDARD);
        assertNoContradictions(anna);
    }

    @Test
    void aReplayIsTheFirstAnswerWordForWord() {
        var anna = Desk.withoutPin();
        anna.fund(20_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        var first = anna.post(PATH, "k", Payouts.body(card, 15_00, "standard")).statusCode(201);
        first.header("Idempotency-Replayed", nullValue());
        var refused = anna.post(PATH, "l", Payouts.body(card, 15_00, "standard")).statusCode(422);
        refused.body("code", equalTo("insufficient-funds")).body("payoutId", notNullValue());
        anna.fund(50_00, "USD");

        for (var each : Map.of("k", first, "l", refused).entrySet()) {
            var replay = anna.post(PATH, each.getKey(), Payouts.body(card, 15_00, "standard"));
            replay.statusCode(each.getValue().extract().statusCode())
                    .contentType(each.getValue().extract().contentType())
                    .header("Idempotency-Replayed", "true");
            assertThat(replay.extract().asString()).isEqualTo(each.getValue().extract().asString());
        }
        String declined = refused.extract().path("payoutId");
        anna.get(PATH + "/" + declined)
                .body("state", equalTo("declined"))
                .body("declineCode", equalTo("insufficient-funds"));
        anna.post(PATH, "k", Payouts.body(card, 15_00, "instant"))
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        assertThat(anna.balance("USD")).isEqualTo(55_00);
        assertNoContradictions(anna.id());
    }

    @Test
    void aKeyIsOneForAllThatGoesToACardAndComesFromIt() {
        var anna = Desk.withoutPin();
        anna.fund(20_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        anna.post("/v1/top-ups", "top-up", Till.body(card, 1_00)).statusCode(201);
        String id =
                anna.post(PATH, "payout", Payouts.body(card, 1_00, "standard"))
                        .statusCode(201)
                        .extract()
                        .path("id");
        var cancellation = PATH + "/" + id + "/cancellation";

        anna.post(PATH, "top-up", Payouts.body(card, 1_00, "standard"))
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        for (var used : List.of("top-up", "payout")) {
            anna.post(cancellation, used, Map.of())
                    .statusCode(422)
                    .body("code", equalTo("idempotency-key-reused"));
        }
        anna.post(cancellation, "cancellation", Map.of()).statusCode(200);
        anna.post(PATH, "cancellation", Payouts.body(card, 1_00, "standard"))
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        assertNoContradictions(anna.id());
    }

    /** I-04 */
    @Test
    void aKeyIsOneForPayoutsAndForTransfersAndTopUps() {
        var anna = Desk.withoutPin();
        anna.fund(20_00, "USD");
        var boris = TestPerson.with(1_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        anna.post(PATH, "payout", Payouts.body(card, 1_00, "standard")).statusCode(201);
        anna.send(boris, 1_00, "USD", "transfer").statusCode(201);
        anna.post("/v1/top-ups", "top-up", Till.body(card, 1_00)).statusCode(201);

        anna.send(boris, 1_00, "USD", "payout")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        anna.post("/v1/top-ups", "payout", Till.body(card, 1_00))
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        for (var used : List.of("transfer", "top-up")) {
            anna.post(PATH, used, Payouts.body(card, 1_00, "standard"))
                    .statusCode(422)
                    .body("code", equalTo("idempotency-key-reused"));
        }
        // Another one's key is another key.
        boris.send(anna, 1, "USD", "payout").statusCode(201);
        assertThat(anna.balance("USD")).isEqualTo(19_01);
        assertNoContradictions(anna.id());
    }

    @Test
    void whatWasRefusedCannotBeTakenBackAndIsThereAllTheSame() {
        var anna = Desk.withoutPin();
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        String id =
                anna.post(PATH, "k", Payouts.body(card, 15_00, "standard"))
                        .statusCode(422)
                        .extract()
                        .path("payoutId");
        anna.get(PATH + "/" + id).statusCode(200);

        for (var replayed : new String[] {null, "true"}) {
            anna.post(PATH + "/" + id + "/cancellation", "c", Map.of())
                    .statusCode(422)
                    .header(
                            "Idempotency-Replayed",
                            replayed == null ? nullValue() : equalTo(replayed))
                    .body("code", equalTo("payout-not-cancellable"))
                    .body("state", equalTo("declined"));
        }
    }

    @Test
    void fiftyRequestsOfOneKeyAreOnePayout() throws Exception {
        var anna = Desk.withoutPin();
        anna.fund(100_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        var body = json.writeValueAsString(Payouts.body(card, 5_00, "instant"));

        var answers = Race.run(50, 50, () -> Http.post(anna, PATH, "k", body));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(201);
        assertThat(answers).extracting(HttpResponse::body).containsOnly(answers.get(0).body());
        assertThat(anna.balance("USD")).isEqualTo(94_75);
        await().atMost(SOON).until(() -> Payouts.pushes(anna.id()) == 1);
        assertThat(counted(anna.id())).isEqualTo(5_00);
        assertNoContradictions(anna.id());
    }

    @Test
    void ofThoseWhoRaceForTheLastMoneyOneGetsIt() throws Exception {
        var anna = desk.somebody();
        payouts.fund(anna, 9_99);
        var card = till.card(anna, SimulatedCard.WORKS);
        var number = new AtomicInteger();

        var answers =
                Race.run(
                        8,
                        8,
                        () ->
                                payouts.paying()
                                        .payOut(
                                                payouts.attempt(
                                                        anna,
                                                        "k" + number.incrementAndGet(),
                                                        card,
                                                        5_00,
                                                        Speed.STANDARD)));

        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201);
        assertThat(Payouts.balance(anna)).isEqualTo(4_99);
        assertThat(counted(anna)).isEqualTo(5_00);
        assertNoContradictions(anna);
    }

    @Test
    void ofThoseWhoRaceForTheLastOfALimitOneGetsIt() throws Exception {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        for (var i = 0; i < 4; i++) {
            payouts.ripe(anna, "k" + i, card, 5_00, Speed.STANDARD);
        }
        var number = new AtomicInteger();

        var answers =
                Race.run(
                        8,
                        8,
                        () ->
                                payouts.paying()
                                        .payOut(
                                                payouts.attempt(
                                                        anna,
                                                        "race" + number.incrementAndGet(),
                                                        card,
                                                        5_00,
                                                        Speed.STANDARD)));

        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201);
        assertThat(answers.stream().filter(it -> it.status() == 422))
                .allSatisfy(
                        it ->
                                assertThat(read(it).get("code").asText())
                                        .isEqualTo("limit-exceeded"));
        assertThat(Payouts.balance(anna)).isEqualTo(75_00);
        assertNoContradictions(anna);
    }

    @Test
    void whatWasNotHandedOverIsTakenBackWithItsFee() {
        var anna = Desk.withoutPin();
        anna.fund(20_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        String id =
                anna.post(PATH, "k", Payouts.body(card, 15_00, "standard"))
                        .statusCode(201)
                        .extract()
                        .path("id");
        var boris = Desk.withoutPin();
        var path = PATH + "/" + id + "/cancellation";
        boris.post(path, "c", Map.of()).statusCode(404).body("code", equalTo("payout-not-found"));
        boris.get(PATH + "/" + id).statusCode(404).body("code", equalTo("payout-not-found"));
        boris.get(PATH).body("items", hasSize(0));

        var first = anna.post(path, "c", Map.of()).statusCode(200);

        first.body("state", equalTo("cancelled"))
                .body("cancelledAt", notNullValue())
                .body("declineCode", nullValue())
                .body("cancellable", equalTo(false));
        assertThat(anna.balance("USD")).isEqualTo(20_00);
        var replay = anna.post(path, "c", Map.of()).statusCode(200);
        replay.header("Idempotency-Replayed", "true");
        assertThat(replay.extract().asString()).isEqualTo(first.extract().asString());
        var again = anna.post(path, "d", Map.of()).statusCode(422);
        again.body("code", equalTo("payout-not-cancellable")).body("state", equalTo("cancelled"));
        assertThat(anna.post(path, "d", Map.of()).extract().asString())
                .isEqualTo(again.extract().asString());
        assertThat(anna.balance("USD")).isEqualTo(20_00);
        anna.get(PATH).body("items", hasSize(1)).body("items[0].state", equalTo("cancelled"));
        // The first answer of its own key is what it was.
        anna.post(PATH, "k", Payouts.body(card, 15_00, "standard"))
                .statusCode(201)
                .body("state", equalTo("in_transit"));
        assertNoContradictions(anna.id());
    }

    /** Both have the row under lock for what they do; whoever is second finds it done. */
    @Test
    void eitherItIsTakenBackOrItIsHandedOver() throws Exception {
        var cancelled = 0;
        var handedOver = 0;
        var people = new HashSet<UUID>();
        UUID anna = null;
        UUID card = null;
        // Whoever hands over has less to do before the lock, and would always win.
        var looks = 1;
        for (var run = 0; run < 80; run++) {
            if (anna == null || card == null || run % 4 == 0) {
                anna = desk.somebody();
                people.add(anna);
                payouts.fund(anna, 100_00);
                card = till.card(anna, SimulatedCard.WORKS);
            }
            var customer = anna;
            var delay = looks;
            var key = "k" + run;
            var payout = payouts.ripe(anna, key, card, 10_00, Speed.INSTANT);
            var before = Payouts.pushes(anna);
            Callable<Integer> cancels =
                    () ->
                            payouts.cancelling()
                                    .cancel(payouts.cancellation(customer, "c" + key, payout.id()))
                                    .status();
            Callable<Integer> handsOver =
                    () -> {
                        for (var look = delay; look > 0; look--) {
                            payouts.payout(customer, key);
                        }
                        payouts.carrying(simulated).carryOut(payout);
                        return 0;
                    };

            var status =
                    Race.run(2, List.of(cancels, handsOver)).stream()
                            .mapToInt(it -> it)
                            .max()
                            .orElseThrow();

            var pushed = Payouts.pushes(anna) - before;
            var state = payouts.payout(anna, key).state();
            assertThat(status).isEqualTo(pushed == 0 ? 200 : 422);
            assertThat(state == PayoutState.CANCELLED).isEqualTo(pushed == 0);
            cancelled += status == 200 ? 1 : 0;
            handedOver += status == 422 ? 1 : 0;
            // The loser begins earlier the next time, so that the two stay close to each other.
            looks = Math.max(0, looks + (status == 200 ? -1 : 1));
            carryOutToTheEnd(anna, key);
        }
        System.out.printf("%d taken back, %d handed over%n", cancelled, handedOver);
        assertThat(Payouts.contradictions(people)).isEmpty();
        assertThat(cancelled).isPositive();
        assertThat(handedOver).isPositive();
    }

    @Test
    void whatTheProcessorDoesNotAnswerIsAskedAboutAndSentAgainUnderItsOneId() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD);
        var lost = new Saying(new Result.Unknown(Reason.TIME_OUT));
        payouts.carrying(lost).carryOut(payout);
        var afterTheCall = payouts.payout(anna, "k");
        assertThat(afterTheCall.isInTransit()).isTrue();
        assertThat(afterTheCall.isCancellable()).isFalse();

        payouts.carrying(lost).carryOut(afterTheCall);
        // It may still arrive, so it is only asked about.
        assertThat(lost.told).hasSize(1);
        Payouts.letTimePass(anna);
        payouts.carrying(lost).carryOut(payouts.payout(anna, "k"));

        assertThat(lost.told).hasSize(2).containsOnly(lost.told.get(0));
        assertThat(lost.told.get(0).id()).isEqualTo(payout.id());
        carryOutToTheEnd(anna, "k");
        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.PAID);
        assertThat(Payouts.pushes(anna)).isEqualTo(1);
        assertNoContradictions(anna);
    }

    @Test
    void whatWasNotSentMayStillBeTakenBackUnlessAnEarlierCallMayHaveSentIt() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var away = new Saying(new Result.NotSent(Reason.BREAKER_OPEN));

        payouts.carrying(away).carryOut(payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD));
        assertThat(payouts.payout(anna, "k").isCancellable()).isTrue();
        assertThat(
                        payouts.cancelling()
                                .cancel(
                                        payouts.cancellation(
                                                anna, "c", payouts.payout(anna, "k").id()))
                                .status())
                .isEqualTo(200);

        var lostThenAway =
                new Saying(
                        new Result.Unknown(Reason.TIME_OUT),
                        new Result.NotSent(Reason.BREAKER_OPEN));
        payouts.carrying(lostThenAway)
                .carryOut(payouts.ripe(anna, "l", card, 10_00, Speed.STANDARD));
        Payouts.letTimePass(anna);
        payouts.carrying(lostThenAway).carryOut(payouts.payout(anna, "l"));
        assertThat(lostThenAway.told).hasSize(2);
        assertThat(payouts.payout(anna, "l").isCancellable()).isFalse();
        carryOutToTheEnd(anna, "l");
        assertNoContradictions(anna);
    }

    /** As where its COMMIT was lost and is repeated, after another replica has sent it. */
    @Test
    void aNotSentThatComesLateDoesNotUndoALaterSending() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD);
        var slow =
                new Saying(new Result.NotSent(Reason.NOT_CONNECTED)) {
                    @Override
                    public Result carryOut(Operation operation) {
                        Sql.run(
                                "update payout set sent_at = sent_at + interval '1 second' where id = ?",
                                payout.id());
                        simulated.carryOut(operation);
                        return super.carryOut(operation);
                    }
                };

        payouts.carrying(slow).carryOut(payout);

        assertThat(payouts.payout(anna, "k").isCancellable()).isFalse();
        carryOutToTheEnd(anna, "k");
        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.PAID);
        assertNoContradictions(anna);
    }

    @Test
    void whoHasSleptBetweenTheCommitAndTheCallDoesNotCall() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD);
        var times = new AtomicInteger();
        var now = clock.instant();
        var late = now.plus(CarryOutPayouts.UNDER_WAY).plusMillis(1);
        InstantSource sleepy = () -> times.getAndIncrement() == 0 ? now : late;
        var processor = new Saying(new Result.Done("never"));

        payouts.carrying(processor, new Clock(sleepy)).carryOut(payout);

        assertThat(processor.told).isEmpty();
        assertThat(payouts.payout(anna, "k").sentAt()).isNull();
        Payouts.letTimePass(anna);
        carryOutToTheEnd(anna, "k");
        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.PAID);
        assertNoContradictions(anna);
    }

    @Test
    void whatWasNotSentForTooMuchTimeIsAskedOnceMoreWhetherItMayGoOut() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "k", card, 10_00, Speed.INSTANT);
        var times = new AtomicInteger();
        var now = clock.instant();
        var late = now.plus(CarryOutPayouts.UNDER_WAY).plusMillis(1);
        InstantSource sleepy = () -> times.getAndIncrement() == 0 ? now : late;
        payouts.carrying(simulated, new Clock(sleepy)).carryOut(payout);
        Sql.run("update customer set state = 'FROZEN' where id = ?", anna);

        Payouts.letTimePass(anna);
        payouts.carrying(simulated).carryOut(payouts.payout(anna, "k"));

        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.CANCELLED);
        assertThat(Payouts.pushes(anna)).isZero();
        assertThat(Payouts.balance(anna)).isEqualTo(100_00);
        assertNoContradictions(anna);
    }

    @Test
    void aCardThatTakesNoPayoutsSaysWhy() {
        var anna = Desk.person();
        anna.fund(20_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        Sql.run(
                """
                update card set payout_reference = null, payout_refusal = 'terms_not_accepted'
                 where id = ?
                """,
                card);

        anna.post("/v1/payouts", "k", Payouts.body(card, 10_00, "standard"))
                .statusCode(422)
                .body("code", equalTo("card-takes-no-payouts"))
                .body("reason", equalTo("terms_not_accepted"));

        assertThat(Payouts.balance(anna.id())).isEqualTo(20_00);
    }

    @Test
    void whatCanNeverBeSentComesBack() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var old = new Saying(new Result.NotSent(Reason.TOO_OLD));

        payouts.carrying(old).carryOut(payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD));

        var returned = payouts.payout(anna, "k");
        assertThat(returned.state()).isEqualTo(PayoutState.RETURNED);
        assertThat(returned.declineCode()).isEqualTo(CarryOutPayouts.NOT_CARRIED_OUT);
        assertThat(Payouts.balance(anna)).isEqualTo(100_00);
        assertNoContradictions(anna);
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer-frozen", "card-not-active", "payouts-held"})
    void whatItsOwnerHasDoneMeanwhileStopsIt(String code) {
        var person = Desk.person();
        var anna = person.id();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "k", card, 10_00, Speed.INSTANT);
        switch (code) {
            case "customer-frozen" ->
                    Sql.run("update customer set state = 'FROZEN' where id = ?", anna);
            case "card-not-active" ->
                    person.request().delete("/v1/cards/" + card).then().statusCode(204);
            default ->
                    Sql.run(
                            "update pin set payouts_held_until = '2100-01-01 00:00:00Z'"
                                    + " where customer = ?",
                            anna);
        }

        payouts.carrying(simulated).carryOut(payout);

        var stopped = payouts.payout(anna, "k");
        assertThat(stopped.state()).isEqualTo(PayoutState.CANCELLED);
        assertThat(stopped.declineCode()).isEqualTo(code);
        assertThat(Payouts.balance(anna)).isEqualTo(100_00);
        assertThat(Payouts.pushes(anna)).isZero();
        await().atMost(SOON)
                .until(() -> Desk.message(person).contains("10.00 USD was stopped before it left"));
        assertNoContradictions(anna);
    }

    @Test
    void aResetOfThePinHoldsPayoutsUntilItsTimeIsOver() {
        var anna = Desk.person();
        anna.fund(20_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        var until = clock.instant().plus(24, ChronoUnit.HOURS);
        Sql.run(
                "update pin set payouts_held_until = cast(? as timestamptz) where customer = ?",
                until.toString(),
                anna.id());

        anna.post(PATH, "k", Payouts.body(card, 1_00, "standard"))
                .statusCode(422)
                .body("code", equalTo("payouts-held"))
                .body("heldUntil", equalTo(until.toString()))
                .body("detail", containsString("PIN"));
        Sql.run("update pin set payouts_held_until = now() where customer = ?", anna.id());

        anna.post(PATH, "l", Payouts.body(card, 1_00, "standard")).statusCode(201);
        anna.post(PATH, "k", Payouts.body(card, 1_00, "standard"))
                .statusCode(422)
                .body("code", equalTo("payouts-held"));
        assertNoContradictions(anna.id());
    }

    @Test
    void theFeeHasToBeThereToo() {
        var anna = Desk.withoutPin();
        anna.fund(10_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);

        anna.post(PATH, "a", Payouts.body(card, 10_00, "instant"))
                .statusCode(422)
                .body("code", equalTo("insufficient-funds"))
                .body("fee", equalTo(asRead(25)))
                .body("available", equalTo(asRead(10_00)));
        anna.post(PATH, "b", Payouts.body(card, 25, "instant"))
                .statusCode(422)
                .body("code", equalTo("payout-too-small"))
                .body("fee", equalTo(asRead(25)));
        anna.post(PATH, "c", Payouts.body(card, 26, "instant")).statusCode(201);
        assertThat(anna.balance("USD")).isEqualTo(10_00 - 51);
        assertNoContradictions(anna.id());
    }

    @Test
    void whatWasGivenBackAndArrivedAllTheSameIsKeptForSomebodyToLookAt() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var liar =
                new Saying(new Result.Declined("no"))
                        .finding(new Result.Done("it-was-there-" + card));
        payouts.carrying(liar).carryOut(payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD));

        payouts.carrying(liar).carryOut(payouts.payout(anna, "k"));

        var payout = payouts.payout(anna, "k");
        assertThat(payout.state()).isEqualTo(PayoutState.RETURNED);
        assertThat(Payouts.contradictions(Set.of(anna)))
                .containsExactly("contradicted: " + payout.id());

        // A notice has it asked again, and it says the same.
        Sql.run("update payout set due_at = '2100-01-01 00:00:00Z' where customer = ?", anna);
        payouts.carrying(liar).carryOut(payouts.payout(anna, "k"));
        assertThat(Sql.column("select due_at from payout where customer = ?", anna))
                .containsOnlyNulls();
    }

    @Test
    void whatWasTakenBackAndArrivedAllTheSameIsKeptAsWell() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var payout = payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD);
        payouts.cancelling().cancel(payouts.cancellation(anna, "c", payout.id()));
        var liar =
                new Saying(new Result.Unknown(Reason.TIME_OUT))
                        .finding(new Result.Done("it-was-there-" + card));

        payouts.carrying(liar).carryOut(payouts.payout(anna, "k"));

        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.CANCELLED);
        assertThat(Payouts.contradictions(Set.of(anna)))
                .containsExactly("contradicted: " + payout.id());
    }

    @Test
    void anAnswerFromBeforeItCameBackContradictsNothing() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var lost = new Result.Unknown(Reason.TIME_OUT);
        var quicker = new Saying(lost).finding(new Result.Declined("account_closed"));
        var slow =
                new Saying(lost) {
                    @Override
                    public Result find(Operation operation) {
                        payouts.carrying(quicker).carryOut(payouts.payout(anna, "k"));
                        return new Result.Done("p_" + operation.id());
                    }
                };
        payouts.carrying(slow).carryOut(payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD));

        payouts.carrying(slow).carryOut(payouts.payout(anna, "k"));

        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.RETURNED);
        assertThat(Payouts.balance(anna)).isEqualTo(100_00);
        assertNoContradictions(anna);
    }

    /** What is paid is asked about only where a notice says so, and a notice says so once. */
    @Test
    void aNoticeThatOvertakesAnAnswerHasItAskedOnceMore() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        var slow =
                new Saying(new Result.Unknown(Reason.TIME_OUT)) {
                    @Override
                    public Result find(Operation operation) {
                        assertThat(store.dueNow(operation.id(), clock.instant())).isTrue();
                        return new Result.Done("p_" + operation.id());
                    }
                };
        payouts.carrying(slow).carryOut(payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD));

        payouts.carrying(slow).carryOut(payouts.payout(anna, "k"));

        assertThat(payouts.payout(anna, "k").state()).isEqualTo(PayoutState.PAID);
        await().atMost(SOON)
                .until(
                        () ->
                                Sql.<Integer>value(
                                                "select asked from payout where customer = ?", anna)
                                        > 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPAID", "CREDIT"})
    void theRulesAreToldWhatKindOfCardItIs(SimulatedCard behaviour) {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, behaviour);

        var answer =
                payouts.paying().payOut(payouts.attempt(anna, "k", card, 10_00, Speed.STANDARD));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(read(answer).get("code").asText()).isEqualTo("funding-source-unusable");
        assertThat(
                        Sql.<String>value(
                                "select ruling ->> 'instrument' from payout where customer = ?",
                                anna))
                .isEqualTo(behaviour.name());
        assertThat(Payouts.balance(anna)).isEqualTo(100_00);
        assertNoContradictions(anna);
    }

    @Test
    void theTableRefusesASecondEndAndAnotherIntention() {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        var card = till.card(anna, SimulatedCard.WORKS);
        payouts.ripe(anna, "k", card, 10_00, Speed.STANDARD);
        carryOutToTheEnd(anna, "k");
        payouts.ripe(anna, "p", card, 10_00, Speed.STANDARD);

        for (var change :
                List.of(
                        "state = 'CANCELLED', back_at = created_at, paid_at = null",
                        "state = 'IN_TRANSIT', paid_at = null, due_at = created_at",
                        "push = id, sent_at = null, name = null",
                        "minor = minor + 1",
                        "answer = 'another'",
                        "name = 'another'")) {
            assertThatThrownBy(() -> change(anna, "k", change))
                    .hasStackTraceContaining("has ended or would become another");
        }
        for (var change : List.of("minor = 1", "fee = 1", "reference = 'x'", "key = 'x'")) {
            assertThatThrownBy(() -> change(anna, "p", change))
                    .hasStackTraceContaining("has ended or would become another");
        }
        assertThatThrownBy(
                        () ->
                                change(
                                        anna,
                                        "p",
                                        "state = 'CANCELLED', back_at = created_at, sent_at = created_at"))
                .hasStackTraceContaining("payout_cancelled");
        assertThatThrownBy(() -> Sql.run("delete from payout where customer = ?", anna))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update account set floor = null where kind = 'PAYOUT_CLEARING'"))
                .hasStackTraceContaining("account_kind_floor");
    }

    private static void change(UUID customer, String key, String change) {
        Sql.run(
                "update payout set " + change + " where key = '" + key + "' and customer = ?",
                customer);
    }

    @Test
    void listsTheNewestFirstAndInPages() {
        var anna = Desk.withoutPin();
        anna.fund(20_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        for (var minor = 1; minor <= 3; minor++) {
            anna.post(PATH, "k" + minor, Payouts.body(card, minor, "standard")).statusCode(201);
        }

        var page = anna.get(PATH + "?limit=2").body("items", hasSize(2));

        page.body("items[0].amount.minor", equalTo(3));
        String next = page.extract().path("nextCursor");
        anna.get(PATH + "?cursor=" + next)
                .body("items", hasSize(1))
                .body("nextCursor", nullValue());
        Desk.withoutPin().get(PATH + "?cursor=" + next).statusCode(400);
    }

    /** However many steps it takes: each is one that the worker would make when it is due. */
    private void carryOutToTheEnd(UUID customer, String key) {
        for (var step = 0; step < 8 && payouts.payout(customer, key).isInTransit(); step++) {
            Payouts.letTimePass(customer);
            payouts.carrying(simulated).carryOut(payouts.payout(customer, key));
        }
    }

    private static void awaitState(TestPerson person, String id, String state) {
        await().atMost(SOON)
                .until(() -> person.get(PATH + "/" + id).extract().path("state").equals(state));
    }

    private static void assertNoContradictions(UUID customer) {
        assertThat(Payouts.contradictions(Set.of(customer))).isEmpty();
    }

    private static long counted(UUID customer) {
        return Sql.<Long>value(
                "select minor from limit_counter where customer = ? and operation = 'PAY_OUT'",
                customer);
    }

    private static Map<String, Object> asRead(int minor) {
        return Map.of("minor", minor, "currency", "USD");
    }

    private JsonNode read(Answer answer) {
        try {
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
