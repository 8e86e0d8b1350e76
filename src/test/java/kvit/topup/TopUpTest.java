package kvit.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
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
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import kvit.card.Desk;
import kvit.card.MoneyOnly;
import kvit.card.NonsenseRefused;
import kvit.card.Operation;
import kvit.card.Reason;
import kvit.card.Result;
import kvit.card.SimulatedCard;
import kvit.card.Simulator;
import kvit.idempotency.Answer;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.DatabaseProxy;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One intention, one charge, one posting, whatever the processor says and whenever. */
@KvitTest
class TopUpTest {

    private static final String PATH = "/v1/top-ups";
    private static final Duration SOON = Duration.ofSeconds(20);

    /** A processor that says what a test wants, and remembers what it was told. */
    private static class Saying implements MoneyOnly {
        final List<Operation> told = Collections.synchronizedList(new ArrayList<>());
        private final Result said;
        private final Result found;

        Saying(Result said) {
            this(said, new Result.NotFound());
        }

        Saying(Result said, Result found) {
            this.said = said;
            this.found = found;
        }

        @Override
        public Result carryOut(Operation operation) {
            assertThat(QuarkusTransaction.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
            told.add(operation);
            return said;
        }

        @Override
        public Result find(Operation operation) {
            assertThat(QuarkusTransaction.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
            return found;
        }
    }

    @Inject Till till;
    @Inject Desk desk;
    @Inject Simulator simulated;
    @Inject TopUpSettlement settlement;
    @Inject TopUpStore store;
    @Inject Clock clock;
    @Inject Ids ids;
    @Inject Ledger ledger;
    @Inject MoneyTransactions transactions;
    @Inject ObjectMapper json;

    @ParameterizedTest
    @CsvSource({
        "4242424242424242, 201, completed, ",
        "5555555555554444, 201, completed, ",
        "4000000000000002, 422, declined,  card_declined",
        "4000000000009995, 422, declined,  insufficient_funds",
        "4000000000000119, 201, completed, ",
        "4000000000000259, 201, completed, ",
    })
    void aCardBehavesAsItsNumberPromises(
            String number, int status, String state, String declineCode) {
        var anna = Desk.person();
        var card = desk.enrolledAlone(anna, number);

        var answer = anna.post(PATH, "k", Till.body(UUID.fromString(card), 12_50));

        answer.statusCode(status);
        String id = answer.extract().path(status == 201 ? "id" : "topUpId");
        awaitState(anna, id, state);
        anna.get(PATH + "/" + id)
                .statusCode(200)
                .body("cardId", equalTo(card))
                .body("amount", equalTo(asRead(12_50)))
                .body("declineCode", equalTo(declineCode));
        var isCompleted = state.equals("completed");
        assertThat(anna.balance("USD")).isEqualTo(isCompleted ? 12_50 : 0);
        assertThat(Till.charges(anna.id())).isEqualTo(isCompleted ? 1 : 0);
        if (isCompleted) {
            anna.get("/v1/me/entries?currency=USD")
                    .body("items", hasSize(1))
                    .body("items[0].kind", equalTo("top-up"))
                    .body("items[0].postingId", equalTo(id));
        } else {
            answer.body("code", equalTo("card-declined")).body("declineCode", equalTo(declineCode));
        }
        assertNoContradictions(anna.id());
    }

    @Test
    void whatTheProcessorDoesNotAnswerIsPendingUntilItIsAsked() {
        var anna = Desk.person();
        var card = till.card(anna.id(), SimulatedCard.TIMES_OUT);

        var first = anna.post(PATH, "k", Till.body(card, 5_00)).statusCode(201);
        first.body("state", equalTo("pending")).body("completedAt", nullValue());
        String id = first.extract().path("id");

        awaitState(anna, id, "completed");
        anna.get(PATH + "/" + id).body("completedAt", notNullValue());
        assertThat(anna.balance("USD")).isEqualTo(5_00);
        var replay = anna.post(PATH, "k", Till.body(card, 5_00)).statusCode(201);
        replay.header("Idempotency-Replayed", "true");
        assertThat(replay.extract().asString()).isEqualTo(first.extract().asString());
        assertNoContradictions(anna.id());
    }

    @ParameterizedTest
    @EnumSource(names = {"WORKS", "DECLINED"})
    void aReplayIsTheFirstAnswerWordForWord(SimulatedCard behaviour) {
        var anna = Desk.person();
        var card = till.card(anna.id(), behaviour);
        var first = anna.post(PATH, "k", Till.body(card, 5_00));
        first.header("Idempotency-Replayed", nullValue());

        var replay = anna.post(PATH, "k", Till.body(card, 5_00));

        replay.statusCode(first.extract().statusCode())
                .contentType(first.extract().contentType())
                .header("Idempotency-Replayed", "true");
        assertThat(replay.extract().asString()).isEqualTo(first.extract().asString());
        assertThat(operations(anna.id())).isEqualTo(1);
        anna.post(PATH, "k", Till.body(card, 5_01))
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        anna.post(PATH, "l", Till.body(card, 5_00));
        assertThat(operations(anna.id())).isEqualTo(2);
        assertNoContradictions(anna.id());
    }

    @Test
    void aRefusalOfOursIsStoredAndTheProcessorHearsNothing() {
        var anna = Desk.person();
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        Sql.run("update customer set state = 'FROZEN' where id = ?", anna.id());
        var first = anna.post(PATH, "k", Till.body(card, 5_00)).statusCode(422);
        first.body("code", equalTo("customer-frozen"));
        Sql.run("update customer set state = 'ACTIVE' where id = ?", anna.id());

        var replay = anna.post(PATH, "k", Till.body(card, 5_00)).statusCode(422);

        assertThat(replay.extract().asString()).isEqualTo(first.extract().asString());
        anna.get(PATH + "/" + first.extract().path("topUpId"))
                .body("state", equalTo("declined"))
                .body("declineCode", equalTo("customer-frozen"));
        assertThat(operations(anna.id())).isZero();
        assertNoContradictions(anna.id());
    }

    @Test
    void whoWasFrozenWhileTheCardWasChargedGetsTheMoneyAllTheSame() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.TIMES_OUT);
        till.with(simulated).topUp(till.attempt(anna, "k", card, 5_00));
        Sql.run("update customer set state = 'FROZEN' where id = ?", anna);

        till.resolving(simulated).resolve(till.topUp(anna, "k"));

        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.COMPLETED);
        assertThat(balance(anna)).isEqualTo(5_00);
        assertNoContradictions(anna);
    }

    @Test
    void cardsAndTopUpsOfOthersDoNotExist() {
        var anna = Desk.withoutPin();
        var boris = Desk.withoutPin();
        var annas = till.card(anna.id(), SimulatedCard.WORKS);
        var borises = till.card(boris.id(), SimulatedCard.WORKS);
        String id =
                anna.post(PATH, "k", Till.body(annas, 5_00)).statusCode(201).extract().path("id");

        boris.get(PATH + "/" + id).statusCode(404).body("code", equalTo("top-up-not-found"));
        boris.get(PATH).statusCode(200).body("items", hasSize(0));
        boris.post(PATH, "k", Till.body(annas, 5_00))
                .statusCode(404)
                .body("code", equalTo("card-not-found"));
        // What does not exist is not stored, so the key is still free, and it is another one's.
        boris.post(PATH, "k", Till.body(borises, 5_00)).statusCode(201);
        assertThat(Till.charges(anna.id())).isEqualTo(1);
    }

    @Test
    void onlyAnActiveCardIsCharged() {
        var anna = Desk.withoutPin();
        var waiting = till.waitingCard(anna.id(), SimulatedCard.WORKS);
        var removed = till.card(anna.id(), SimulatedCard.WORKS);
        anna.request().delete("/v1/cards/" + removed).then().statusCode(204);

        for (var card : List.of(waiting, removed)) {
            anna.post(PATH, "k-" + card, Till.body(card, 5_00))
                    .statusCode(422)
                    .body("code", equalTo("card-not-active"))
                    .body("topUpId", notNullValue());
        }
        assertThat(operations(anna.id())).isZero();
    }

    @Test
    void listsTheNewestFirstAndInPages() {
        var anna = Desk.withoutPin();
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        for (var minor = 1; minor <= 3; minor++) {
            anna.post(PATH, "k" + minor, Till.body(card, minor)).statusCode(201);
        }

        var page = anna.get(PATH + "?limit=2").body("items", hasSize(2));

        page.body("items[0].amount.minor", equalTo(3));
        String next = page.extract().path("nextCursor");
        anna.get(PATH + "?cursor=" + next)
                .body("items", hasSize(1))
                .body("items.amount.minor", hasItem(1))
                .body("nextCursor", nullValue());
        Desk.withoutPin().get(PATH + "?cursor=" + next).statusCode(400);
    }

    @Test
    void fiftyRequestsOfOneKeyAreOneCharge() throws Exception {
        var anna = Desk.withoutPin();
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        var body = json.writeValueAsString(Till.body(card, 5_00));

        var answers = Race.run(50, 50, () -> Http.post(anna, PATH, "k", body));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(201);
        assertThat(answers).extracting(HttpResponse::body).containsOnly(answers.get(0).body());
        assertThat(operations(anna.id())).isEqualTo(1);
        assertThat(anna.balance("USD")).isEqualTo(5_00);
        assertNoContradictions(anna.id());
    }

    @Test
    void ofManyWhoSettleOneAtTheSameTimeOneDoes() throws Exception {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var pending = pending(anna, card, "k");
        var ten = new ArrayList<Callable<Object>>();
        for (var i = 0; i < 10; i++) {
            ten.add(
                    () -> {
                        till.resolving(simulated).resolve(pending);
                        return null;
                    });
        }

        Race.run(10, ten);

        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.COMPLETED);
        assertThat(balance(anna)).isEqualTo(5_00);
        assertThat(counted(anna)).isEqualTo(5_00);
        assertNoContradictions(anna);
    }

    @Test
    void aWorkerWhoIsQuickerThanTheOneWhoSentItLeavesItTheAnswer() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var processor =
                new Saying(new Result.NotFound()) {
                    @Override
                    public Result carryOut(Operation operation) {
                        var result = simulated.carryOut(operation);
                        till.resolving(simulated).resolve(till.topUp(anna, "k"));
                        return result;
                    }
                };

        var answer = till.with(processor).topUp(till.attempt(anna, "k", card, 5_00));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(read(answer).get("state").asText()).isEqualTo("completed");
        assertThat(balance(anna)).isEqualTo(5_00);
        assertNoContradictions(anna);
    }

    @Test
    void whoComesWhileItIsUnderWayIsToldThatItIsPendingAndSoIsEverybodyElse() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var meanwhile = new AtomicReference<Answer>();
        var processor =
                new Saying(new Result.NotFound()) {
                    @Override
                    public Result carryOut(Operation operation) {
                        var second = till.attempt(anna, "k", card, 5_00);
                        meanwhile.set(till.with(new Saying(null)).topUp(second));
                        return simulated.carryOut(operation);
                    }
                };

        var answer = till.with(processor).topUp(till.attempt(anna, "k", card, 5_00));

        assertThat(read(meanwhile.get()).get("state").asText()).isEqualTo("pending");
        assertThat(answer.body()).isEqualTo(meanwhile.get().body());
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.COMPLETED);
        assertNoContradictions(anna);
    }

    @Test
    void whatHasEndedEndsOnce() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        till.with(simulated).topUp(till.attempt(anna, "k", card, 5_00));
        var id = till.topUp(anna, "k").id();

        for (var late :
                List.of(
                        new Result.Declined("late"),
                        new Result.Done("another"),
                        new Result.NotFound())) {
            var settled =
                    QuarkusTransaction.requiringNew()
                            .call(
                                    () ->
                                            settlement.settle(
                                                    store.lock(anna, id).orElseThrow().topUp(),
                                                    late));
            assertThat(settled.state()).isEqualTo(TopUpState.COMPLETED);
        }
        assertThat(balance(anna)).isEqualTo(5_00);
        assertThat(counted(anna)).isEqualTo(5_00);
        assertNoContradictions(anna);
    }

    @Test
    void whatWasNotSentIsSentByTheSameRequestUnderTheSameId() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var attempt = till.attempt(anna, "k", card, 5_00);
        var away = new Saying(new Result.NotSent(Reason.BREAKER_OPEN));
        for (var i = 0; i < 2; i++) {
            assertThatThrownBy(() -> till.with(away).topUp(attempt))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            it -> {
                                assertThat(it.type().code())
                                        .isEqualTo("card-processor-unavailable");
                                assertThat(it.member("retryAfter")).isNotNull();
                            });
        }
        var id = till.topUp(anna, "k").id();

        var answer = till.with(simulated).topUp(attempt);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.replayed()).isFalse();
        assertThat(read(answer).get("id").asText()).isEqualTo(id.toString());
        assertThat(read(answer).get("state").asText()).isEqualTo("completed");
        assertThat(away.told).extracting(Operation::id).containsOnly(id);
        assertThat(Till.charges(anna)).isEqualTo(1);
        assertNoContradictions(anna);
    }

    @Test
    void whatWasNotSentIsDecidedAnewBeforeItIsSent() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var attempt = till.attempt(anna, "k", card, 5_00);
        var away = new Saying(new Result.NotSent(Reason.NOT_CONNECTED));
        assertThatThrownBy(() -> till.with(away).topUp(attempt)).isInstanceOf(Problem.class);
        Sql.run("update customer set state = 'FROZEN' where id = ?", anna);

        var answer = till.with(simulated).topUp(attempt);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(read(answer).get("code").asText()).isEqualTo("customer-frozen");
        assertThat(till.with(simulated).topUp(attempt).body()).isEqualTo(answer.body());
        assertThat(Till.charges(anna)).isZero();
        assertNoContradictions(anna);
    }

    @Test
    void whatWasNotSentAndNobodyTriesAgainIsGivenUp() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var attempt = till.attempt(anna, "k", card, 5_00);
        var away = new Saying(new Result.NotSent(Reason.NOT_CONNECTED));
        assertThatThrownBy(() -> till.with(away).topUp(attempt)).isInstanceOf(Problem.class);

        till.resolving(simulated).resolve(till.topUp(anna, "k"));

        assertThat(till.topUp(anna, "k").declineCode()).isEqualTo(ResolveTopUps.NOT_CARRIED_OUT);
        var answer = till.with(simulated).topUp(attempt);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(read(answer).get("code").asText()).isEqualTo("card-declined");
        assertThat(Till.charges(anna)).isZero();
        assertNoContradictions(anna);
    }

    @Test
    void whatWasNotSentAndIsPendingForSomebodyIsGivenUpAtOnce() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var attempt = till.attempt(anna, "k", card, 5_00);
        var processor =
                new Saying(new Result.NotFound()) {
                    @Override
                    public Result carryOut(Operation operation) {
                        till.with(new Saying(null)).topUp(attempt);
                        return new Result.NotSent(Reason.NOT_CONNECTED);
                    }
                };

        var answer = till.with(processor).topUp(attempt);

        assertThat(read(answer).get("state").asText()).isEqualTo("pending");
        assertThat(till.topUp(anna, "k").declineCode()).isEqualTo(TopUpWallet.NOT_SENT);
    }

    @Test
    void whatNobodyKnowsIsGivenUpNoSoonerThanItCanHaveArrived() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var lost = new Saying(new Result.Unknown(Reason.TIME_OUT));
        till.with(lost).topUp(till.attempt(anna, "k", card, 5_00));

        till.resolving(lost).resolve(till.topUp(anna, "k"));
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.PENDING);
        Sql.run(
                "update top_up set sent_at = sent_at - interval '14 minutes 50 seconds'"
                        + " where customer = ?",
                anna);
        till.resolving(lost).resolve(till.topUp(anna, "k"));
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.PENDING);

        Sql.run(
                "update top_up set sent_at = sent_at - interval '10 seconds' where customer = ?",
                anna);
        till.resolving(lost).resolve(till.topUp(anna, "k"));
        assertThat(till.topUp(anna, "k").declineCode()).isEqualTo(ResolveTopUps.NOT_CARRIED_OUT);
        assertNoContradictions(anna);
    }

    @Test
    void whatTheProcessorDoesNotTellIsAskedLaterAndLater() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var silent =
                new Saying(
                        new Result.Unknown(Reason.TIME_OUT),
                        new Result.Unknown(Reason.SERVER_ERROR));
        till.with(silent).topUp(till.attempt(anna, "k", card, 5_00));
        // No other replica comes to it: whoever asks has it for a while.
        var waits = new ArrayList<Duration>();
        for (var asked = 1; asked <= 12; asked++) {
            Sql.run(
                    "update top_up set asked = ?, due_at = '2100-01-01 00:00:00Z' where customer = ?",
                    asked,
                    anna);
            var before = clock.instant();
            till.resolving(silent).resolve(till.topUp(anna, "k"));
            waits.add(Duration.between(before, dueAt(anna)));
        }

        assertThat(waits).first().satisfies(it -> assertThat(it).isBetween(sec(4), sec(6)));
        assertThat(waits.get(1)).isBetween(sec(8), sec(10));
        assertThat(waits.get(11)).isBetween(sec(300), sec(302));
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.PENDING);
    }

    @Test
    void whatIsDueIsForOneReplicaAtATime() throws Exception {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var asked = new AtomicInteger();
        var slow =
                new Saying(new Result.Unknown(Reason.TIME_OUT)) {
                    @Override
                    public Result find(Operation operation) {
                        asked.incrementAndGet();
                        return new Result.Unknown(Reason.TIME_OUT);
                    }
                };
        till.with(slow).topUp(till.attempt(anna, "k", card, 5_00));
        Sql.run("update top_up set due_at = created_at where customer = ?", anna);

        Race.run(8, 8, () -> till.resolving(slow).resolveDue());

        // The service's own worker may have been the one.
        assertThat(asked.get()).isLessThanOrEqualTo(1);
        assertThat(Sql.<Integer>value("select asked from top_up where customer = ?", anna))
                .isEqualTo(1);
    }

    @Test
    void ofThoseWhoRaceForTheLastOfALimitOneGetsIt() throws Exception {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        for (var i = 0; i < 9; i++) {
            assertThat(topUp(anna, card, "k" + i).status()).isEqualTo(201);
        }

        var number = new AtomicInteger();
        var answers = Race.run(8, 8, () -> topUp(anna, card, "race" + number.incrementAndGet()));

        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201);
        assertThat(answers.stream().filter(it -> it.status() == 422))
                .allSatisfy(
                        it ->
                                assertThat(read(it).get("code").asText())
                                        .isEqualTo("limit-exceeded"));
        assertThat(Till.charges(anna)).isEqualTo(10);
        assertThat(counted(anna)).isEqualTo(10 * 5_00);
        assertNoContradictions(anna);
    }

    @Test
    void whatIsPendingCountsForTheLimitAndWhatIsDeclinedDoesNot() {
        var anna = desk.somebody();
        var works = till.card(anna, SimulatedCard.WORKS);
        var declines = till.card(anna, SimulatedCard.DECLINED);
        for (var i = 0; i < 9; i++) {
            assertThat(topUp(anna, works, "k" + i).status()).isEqualTo(201);
            assertThat(topUp(anna, declines, "d" + i).status()).isEqualTo(422);
        }
        var lost = new Saying(new Result.Unknown(Reason.TIME_OUT));
        till.with(lost).topUp(till.attempt(anna, "lost", works, 5_00));

        assertThat(read(topUp(anna, works, "more")).get("code").asText())
                .isEqualTo("limit-exceeded");
        Till.letTimePass(anna);
        await().atMost(SOON).until(() -> !till.topUp(anna, "lost").isPending());

        assertThat(topUp(anna, works, "last").status()).isEqualTo(201);
        assertThat(Till.charges(anna)).isEqualTo(10);
    }

    @Test
    void theProcessorOwesWhatTheWalletsHave() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        topUp(anna, card, "k");

        assertThat(
                        Sql.<Long>value(
                                """
                                select sum(e.minor)::bigint
                                  from account a join entry e on e.account = a.id
                                  join top_up t on t.id = e.posting
                                 where a.kind = 'CARD_CLEARING' and a.currency = 'USD' and t.customer = ?
                                """,
                                anna))
                .isEqualTo(-5_00);
        assertThat(Sql.column("select 1 from books_discrepancy")).isEmpty();
        for (var wrong :
                Map.of(
                                // Far below what it owes, so that it is not the balance that is
                                // wrong.
                                "floor = -9007199254740991",
                                "account_kind_floor",
                                "owner = '" + anna + "'",
                                "account_kind_owner",
                                "kind = 'CARD_FLOAT'",
                                "account_kind")
                        .entrySet()) {
            assertThatThrownBy(
                            () ->
                                    Sql.run(
                                            "update account set "
                                                    + wrong.getKey()
                                                    + " where kind = 'CARD_CLEARING'"))
                    .hasStackTraceContaining('"' + wrong.getValue() + '"');
        }
    }

    @Test
    void theTableRefusesASecondEndAndAnotherIntention() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        topUp(anna, card, "k");
        pending(anna, card, "p");

        for (var change :
                List.of(
                        "state = 'DECLINED', completed_at = null, decline_code = 'x'",
                        "state = 'PENDING', completed_at = null, due_at = created_at",
                        "minor = minor + 1",
                        "answer = 'another'",
                        "name = 'another'")) {
            assertThatThrownBy(
                            () ->
                                    Sql.run(
                                            "update top_up set "
                                                    + change
                                                    + " where key = 'k' and customer = ?",
                                            anna))
                    .hasStackTraceContaining("has ended or would become another");
        }
        for (var change : List.of("minor = 1", "reference = 'x'", "key = 'x'")) {
            assertThatThrownBy(
                            () ->
                                    Sql.run(
                                            "update top_up set "
                                                    + change
                                                    + " where key = 'p' and customer = ?",
                                            anna))
                    .hasStackTraceContaining("has ended or would become another");
        }
        assertThatThrownBy(() -> Sql.run("delete from top_up where customer = ?", anna))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void thatNothingWasSentSaysNothingOfWhatSomebodyElseIsSending() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var attempt = till.attempt(anna, "k", card, 5_00);
        var second =
                new Saying(null) {
                    @Override
                    public Result carryOut(Operation operation) {
                        simulated.carryOut(operation);
                        return new Result.Unknown(Reason.TIME_OUT);
                    }
                };
        var first =
                new Saying(null) {
                    @Override
                    public Result carryOut(Operation operation) {
                        // What this call is about to write was written, and nobody heard of it.
                        Sql.run(
                                "update top_up set sent_at = null, sent_by = null"
                                        + " where customer = ?",
                                anna);
                        till.with(second).topUp(attempt);
                        return new Result.NotSent(Reason.NOT_CONNECTED);
                    }
                };

        var answer = till.with(first).topUp(attempt);

        assertThat(read(answer).get("state").asText()).isEqualTo("pending");
        var pending = till.topUp(anna, "k");
        assertThat(pending.state()).isEqualTo(TopUpState.PENDING);
        assertThat(pending.sending()).isNotNull();
        till.resolving(simulated).resolve(pending);
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.COMPLETED);
        assertNoContradictions(anna);
    }

    @ParameterizedTest
    @EnumSource(DatabaseProxy.Cut.class)
    void whoeverLosesTheAnswerToTheirIntentionSendsItAllTheSame(DatabaseProxy.Cut where) {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var key = "lost-" + UUID.randomUUID();
        DatabaseProxy.cutCommitOf(key, where);

        var answer = till.with(simulated).topUp(till.attempt(anna, key, card, 5_00));

        assertThat(DatabaseProxy.isPending(key)).isFalse();
        assertThat(read(answer).get("state").asText()).isEqualTo("completed");
        assertThat(Till.charges(anna)).isEqualTo(1);
        assertNoContradictions(anna);
    }

    @ParameterizedTest
    @EnumSource(DatabaseProxy.Cut.class)
    void whoeverLosesTheAnswerToTheOutcomeWritesItOnce(DatabaseProxy.Cut where) {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        // It stands in the event of what has ended, and nowhere before.
        DatabaseProxy.cutCommitOf(anna.toString(), where);

        var answer = topUp(anna, card, "k");

        assertThat(DatabaseProxy.isPending(anna.toString())).isFalse();
        assertThat(read(answer).get("state").asText()).isEqualTo("completed");
        assertThat(balance(anna)).isEqualTo(5_00);
        assertThat(counted(anna)).isEqualTo(5_00);
        assertNoContradictions(anna);
    }

    @Test
    void whoeverComesToItTooLateSendsNothing() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var attempt = till.attempt(anna, "k", card, 5_00);
        var asleep = new Saying(new Result.Done("it was sent"));
        var now = clock.instant();
        var looks = new AtomicInteger();
        var slow =
                new Clock(
                        () ->
                                looks.getAndIncrement() == 0
                                        ? now
                                        : now.plus(TopUpWallet.UNDER_WAY).plusMillis(1));

        assertThatThrownBy(() -> till.with(asleep, slow).topUp(attempt))
                .isInstanceOfSatisfying(
                        Problem.class,
                        it -> assertThat(it.type().code()).isEqualTo("card-processor-unavailable"));

        assertThat(asleep.told).isEmpty();
        assertThat(read(till.with(simulated).topUp(attempt)).get("state").asText())
                .isEqualTo("completed");
        assertNoContradictions(anna);
    }

    /** It was the only call for it, and it has done nothing: nobody need wait for what became. */
    @Test
    void whatTheProcessorDoesNotTakeAsWePutItIsDeclined() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var attempt = till.attempt(anna, "k", card, 5_00);
        var strict =
                new Saying(null) {
                    @Override
                    public Result carryOut(Operation operation) {
                        throw new NonsenseRefused("a test does not take it");
                    }
                };

        var answer = till.with(strict).topUp(attempt);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(read(answer).get("code").asText()).isEqualTo("card-declined");
        assertThat(read(answer).get("declineCode").asText()).isEqualTo(Charges.NOT_ACCEPTED);
        assertThat(read(answer).get("detail").asText()).contains("The card was not to blame");
        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.DECLINED);
        assertThat(till.with(simulated).topUp(attempt).body()).isEqualTo(answer.body());
        assertThat(balance(anna)).isZero();
        assertNoContradictions(anna);
    }

    @Test
    void whatIsChargedAfterItWasGivenUpGoesBackToTheCard() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var slow =
                new Saying(null) {
                    @Override
                    public Result carryOut(Operation operation) {
                        giveUp(anna);
                        return simulated.carryOut(operation);
                    }
                };

        var answer = till.with(slow).topUp(till.attempt(anna, "k", card, 5_00));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(read(answer).get("declineCode").asText()).isEqualTo("not_carried_out");
        await().atMost(SOON).until(() -> Till.returned(anna) == 1);
        assertThat(refunds(anna)).isEqualTo(1);
        assertThat(balance(anna)).isZero();
        assertNoContradictions(anna);
    }

    @Test
    void whatIsChargedAfterItWasGivenUpByOneWhoDiesIsFoundADayLater() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var dying =
                new Saying(null) {
                    @Override
                    public Result carryOut(Operation operation) {
                        giveUp(anna);
                        simulated.carryOut(operation);
                        throw new IllegalStateException("dead");
                    }
                };
        assertThatThrownBy(() -> till.with(dying).topUp(till.attempt(anna, "k", card, 5_00)))
                .hasMessage("dead");
        assertThat(Duration.between(clock.instant(), dueAt(anna)))
                .isBetween(Duration.ofHours(23), Duration.ofHours(25));

        Till.letADayPass(anna);

        await().atMost(SOON).until(() -> Till.returned(anna) == 1);
        assertThat(Sql.column("select due_at from top_up where customer = ?", anna))
                .containsOnlyNulls();
        assertThat(refunds(anna)).isEqualTo(1);
        assertNoContradictions(anna);
    }

    @Test
    void aChargeIsGivenBackOnceWhoeverDoesItAndHoweverOften() throws Exception {
        var anna = desk.somebody();
        var charge = chargedInVain(anna);
        var lost =
                new Saying(null) {
                    @Override
                    public Result carryOut(Operation operation) {
                        simulated.carryOut(operation);
                        return new Result.Unknown(Reason.TIME_OUT);
                    }
                };
        till.returning(lost).giveBack(charge);
        till.returning(new Saying(new Result.NotSent(Reason.NOT_CONNECTED))).giveBack(charge);
        assertThat(Till.returned(anna)).isZero();

        Race.run(
                8,
                8,
                () -> {
                    till.returning(simulated).giveBack(charge);
                    return null;
                });

        assertThat(Till.returned(anna)).isEqualTo(1);
        assertThat(refunds(anna)).isEqualTo(1);
        assertNoContradictions(anna);
    }

    @Test
    void whatCannotBeGivenBackIsKeptForSomebodyWhoLooks() {
        var anna = desk.somebody();
        var charge = chargedInVain(anna);

        till.returning(new Saying(new Result.Declined("charge_disputed"))).giveBack(charge);
        till.returning(new Saying(new Result.Done("late"))).giveBack(charge);

        assertThat(Sql.<String>value("select state from charge_return where customer = ?", anna))
                .isEqualTo("FAILED");
        assertThat(Sql.<String>value("select failure from charge_return where customer = ?", anna))
                .isEqualTo("charge_disputed");
        assertThat(refunds(anna)).isZero();
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update charge_return set state = 'PENDING', failure = null,"
                                                + " ended_at = null, due_at = created_at"
                                                + " where customer = ?",
                                        anna))
                .hasStackTraceContaining("has ended or would become another");
    }

    @Test
    void aRefundThatTheProcessorHasTakenIsAskedAboutAndNotSentAgain() {
        var anna = desk.somebody();
        var charge = chargedInVain(anna);
        var taking = new Saying(new Result.Pending("re_1"), new Result.Done("re_1"));

        till.returning(taking).giveBack(charge);
        till.returning(taking)
                .giveBack(
                        new ChargeReturn(
                                charge.topUp(),
                                anna,
                                charge.charge(),
                                charge.amount(),
                                Sql.value(
                                        "select refund_name from charge_return where customer = ?",
                                        anna),
                                charge.createdAt(),
                                1));

        assertThat(taking.told).hasSize(1);
        assertThat(Till.returned(anna)).isEqualTo(1);
    }

    @Test
    void whatTheProcessorHadOnceIsNotGivenUpBecauseItDoesNotFindIt() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var taking = new Saying(new Result.Pending("ch_" + anna));
        till.with(taking).topUp(till.attempt(anna, "k", card, 5_00));
        Sql.run(
                "update top_up set sent_at = sent_at - interval '16 minutes',"
                        + " due_at = '2100-01-01 00:00:00Z' where customer = ?",
                anna);

        till.resolving(taking).resolve(till.topUp(anna, "k"));

        assertThat(till.topUp(anna, "k").state()).isEqualTo(TopUpState.PENDING);
        till.resolving(new Saying(null, new Result.Declined("late")))
                .resolve(till.topUp(anna, "k"));
        assertThat(till.topUp(anna, "k").declineCode()).isEqualTo("late");
    }

    @Test
    void whatTheBooksCannotCountIsRefusedBeforeItIsCharged() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);

        var answer = whileFull(anna, () -> topUp(anna, card, "k"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(read(answer).get("code").asText()).isEqualTo("balance-out-of-range");
        assertThat(operations(anna)).isZero();
    }

    @Test
    void whatTheBooksCannotCountAfterItWasChargedGoesBackToTheCard() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var pending = pending(anna, card, "k");

        whileFull(
                anna,
                () -> {
                    till.resolving(simulated).resolve(pending);
                    return pending;
                });

        assertThat(till.topUp(anna, "k").declineCode()).isEqualTo("balance-out-of-range");
        await().atMost(SOON).until(() -> Till.returned(anna) == 1);
        assertThat(refunds(anna)).isEqualTo(1);
        assertNoContradictions(anna);
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPAID", "CREDIT"})
    void theRulesAreToldWhatKindOfCardItIs(SimulatedCard behaviour) {
        var anna = desk.somebody();
        var card = till.card(anna, behaviour);

        var answer = topUp(anna, card, "k");

        assertThat(read(answer).get("code").asText()).isEqualTo("funding-source-unusable");
        assertThat(instrument(anna)).isEqualTo(behaviour.name());
        assertThat(operations(anna)).isZero();
    }

    @Test
    void aCardOfWhichNobodyKnowsWhatItIsIsRefused() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        Sql.run("update card set funding = 'UNKNOWN' where id = ?", card);

        assertThat(read(topUp(anna, card, "k")).get("code").asText())
                .isEqualTo("funding-source-unusable");
        assertThat(instrument(anna)).isEqualTo("UNKNOWN");
    }

    @Test
    void aPrepaidCardIsKnownByItsNumber() {
        var anna = Desk.person();
        var card = desk.enrolledAlone(anna, "5105105105105100");

        anna.post(PATH, "k", Till.body(UUID.fromString(card), 5_00))
                .statusCode(422)
                .body("code", equalTo("funding-source-unusable"));
    }

    @Test
    void theRulingThatIsKeptIsTheOneItWasSentBy() {
        var anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        var attempt = till.attempt(anna, "k", card, 5_00);
        var away = new Saying(new Result.NotSent(Reason.NOT_CONNECTED));
        assertThatThrownBy(() -> till.with(away).topUp(attempt)).isInstanceOf(Problem.class);
        assertThat(instrument(anna)).isEqualTo("DEBIT");
        Sql.run("update card set funding = 'CREDIT' where id = ?", card);

        till.with(simulated).topUp(attempt);

        assertThat(instrument(anna)).isEqualTo("CREDIT");
        assertThat(till.topUp(anna, "k").declineCode()).isEqualTo("funding-source-unusable");
    }

    /** I-04 */
    @Test
    void aKeyIsOneForTopUpsAndForTransfers() {
        var anna = TestPerson.with(100_00, "USD");
        Desk.patch(anna, Map.of("displayName", "Anna", "birthDate", "1990-05-17"));
        var boris = TestPerson.with(1_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        anna.post(PATH, "top-up", Till.body(card, 5_00)).statusCode(201);
        String sent = anna.send(boris, 1_00, "USD", "transfer").extract().path("id");

        anna.send(boris, 1_00, "USD", "top-up")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"))
                .body("transferId", nullValue());
        anna.post("/v1/transfers/" + sent + "/cancellation", "top-up", Map.of())
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        anna.post("/v1/transfers/" + sent + "/cancellation", "cancellation", Map.of())
                .body("code", equalTo("transfer-not-cancellable"));
        for (var key : List.of("transfer", "cancellation")) {
            anna.post(PATH, key, Till.body(card, 5_00))
                    .statusCode(422)
                    .body("code", equalTo("idempotency-key-reused"))
                    .body("transferId", equalTo(sent));
        }
        String received =
                boris.send(anna, 1_00, "USD", "back").statusCode(201).extract().path("id");
        anna.post("/v1/transfers/" + received + "/refunds", "top-up", Map.of())
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));

        anna.post(PATH, "top-up", Till.body(card, 5_00)).statusCode(201);
        assertThat(Till.charges(anna.id())).isEqualTo(1);
        assertThat(anna.balance("USD")).isEqualTo(100_00 + 5_00);
        // Another one's key is another key.
        boris.send(anna, 1, "USD", "top-up").statusCode(201);
    }

    /** The worker has found nothing, and declines it. */
    private void giveUp(UUID customer) {
        Sql.run(
                "update top_up set sent_at = sent_at - interval '16 minutes' where customer = ?",
                customer);
        till.resolving(new Saying(null)).resolve(till.topUp(customer, "k"));
    }

    /** A charge to be given back, which the service leaves to the test. */
    private ChargeReturn chargedInVain(UUID customer) {
        var card = till.card(customer, SimulatedCard.WORKS);
        var lost = new Saying(new Result.Unknown(Reason.TIME_OUT));
        till.with(lost).topUp(till.attempt(customer, "k", card, 5_00));
        giveUp(customer);
        var topUp = till.topUp(customer, "k");
        var charge = ((Result.Done) simulated.carryOut(topUp.charge())).name();
        var now = clock.instant();
        Sql.run(
                """
                insert into charge_return (id, customer, refund, charge, state, created_at, due_at)
                values (?, ?, ?, ?, 'PENDING', cast(? as timestamptz), '2100-01-01 00:00:00Z')
                """,
                topUp.id(),
                customer,
                ChargeReturn.refundOf(topUp.id()),
                charge,
                now.toString());
        return new ChargeReturn(topUp.id(), customer, charge, topUp.amount(), null, now, 0);
    }

    /** While the wallet has nearly as much as can be counted; from two, which go below as far. */
    private <T> T whileFull(UUID customer, Supplier<T> work) {
        var id = ids.next();
        var much = Money.MINOR_MAX - 100;
        var fill =
                new Posting(
                        id,
                        "funding",
                        clock.instant(),
                        List.of(
                                new Posting.Line(Account.world(Currency.USD), -much / 2),
                                new Posting.Line(
                                        Account.cardClearing(Currency.USD), -(much - much / 2)),
                                new Posting.Line(Account.wallet(customer, Currency.USD), much)),
                        null,
                        null);
        transactions.once(() -> ledger.post(List.of(fill)));
        try {
            return work.get();
        } finally {
            transactions.once(() -> ledger.reverse(id, ids.next()));
        }
    }

    private static String instrument(UUID customer) {
        return Sql.value("select ruling ->> 'instrument' from top_up where customer = ?", customer);
    }

    private static long refunds(UUID customer) {
        return Sql.<Long>value(
                """
                select count(*) from simulated_operation r
                  join simulated_operation o on o.name = r.subject and o.kind = 'CHARGE'
                  join card c on c.reference = o.subject
                 where r.kind = 'REFUND' and c.customer = ?
                """,
                customer);
    }

    private Answer topUp(UUID customer, UUID card, String key) {
        return till.with(simulated).topUp(till.attempt(customer, key, card, 5_00));
    }

    /** Charged, and nobody here knows. */
    private TopUp pending(UUID customer, UUID card, String key) {
        var lost =
                new Saying(new Result.NotFound()) {
                    @Override
                    public Result carryOut(Operation operation) {
                        simulated.carryOut(operation);
                        return new Result.Unknown(Reason.TIME_OUT);
                    }
                };
        var answer = till.with(lost).topUp(till.attempt(customer, key, card, 5_00));
        assertThat(read(answer).get("state").asText()).isEqualTo("pending");
        return till.topUp(customer, key);
    }

    /** Without an assertion each time, which would print the whole exchange. */
    private static void awaitState(TestPerson person, String id, String state) {
        await().atMost(SOON)
                .until(() -> person.get(PATH + "/" + id).extract().path("state").equals(state));
    }

    private JsonNode read(Answer answer) {
        try {
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> asRead(int minor) {
        return Map.of("minor", minor, "currency", "USD");
    }

    private static Instant dueAt(UUID customer) {
        return Sql.<Timestamp>value("select due_at from top_up where customer = ?", customer)
                .toInstant();
    }

    private static Duration sec(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** What was asked of the processor for this customer's cards. */
    private static long operations(UUID customer) {
        return Sql.<Long>value(
                """
                select count(*) from simulated_operation o
                  join card c on c.reference = o.subject
                 where c.customer = ?
                """,
                customer);
    }

    private static long balance(UUID customer) {
        return Sql.<Long>value(
                "select coalesce(sum(balance), 0)::bigint from account where owner = ?", customer);
    }

    private static long counted(UUID customer) {
        return Sql.<Long>value(
                "select coalesce(sum(minor), 0)::bigint from limit_counter"
                        + " where operation = 'TOP_UP' and customer = ?",
                customer);
    }

    private static void assertNoContradictions(UUID customer) {
        assertThat(Till.contradictions(new HashSet<>(Set.of(customer)))).isEmpty();
    }
}
