package kvit.card;

import static kvit.support.Sql.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@KvitTest
class SimulatedProcessorTest extends ProcessorContract {

    private static final String CHARGED_BACK = "4000000000000259";
    private static final String RETURNED = "4000000000004202";
    private static final String FAULTS = "/v1/sandbox/processor/faults";

    /** Not the bean that others get: the breaker before that one would remember these tests. */
    @Inject SimulatedProcessor simulated;

    @Inject SimulatedStore store;
    @Inject Notices notices;
    @Inject Clock clock;

    @AfterEach
    void nothingIsLeftToStrike() {
        RestAssured.delete(FAULTS).then().statusCode(204);
    }

    @Override
    CardProcessor processor() {
        return simulated;
    }

    @Override
    Instant now() {
        return clock.instant();
    }

    @Override
    int operations(UUID id) {
        return column("select 1 from simulated_operation where id = ?", id).size();
    }

    @ParameterizedTest
    @ValueSource(strings = {WORKS, DECLINED, TIMES_OUT, CHARGED_BACK, RETURNED})
    void noNumberIsKept(String number) {
        var reference = card(number);
        simulated.carryOut(charge(reference, 1250));

        assertThat(reference).doesNotContain(number.substring(0, 6));
        assertThat(Sql.<String>column("select to_jsonb(o)::text from simulated_operation o"))
                .noneMatch(it -> it.contains(number));
    }

    @RepeatedTest(10)
    void ofManyAtTheSameTimeOneIsDone() throws Exception {
        var charge = charge(card(WORKS), 1250);
        var threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Result>> calls =
                    IntStream.range(0, 8)
                            .<Callable<Result>>mapToObj(it -> () -> simulated.carryOut(charge))
                            .toList();
            var results = new HashSet<Result>();
            for (var each : threads.invokeAll(calls)) {
                results.add(each.get());
            }
            assertThat(results).hasSize(1);
            assertThat(operations(charge.id())).isEqualTo(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void itKnowsNothingOfOurTransactions() {
        var charge = charge(card(WORKS), 1250);

        assertThatThrownBy(
                        () ->
                                QuarkusTransaction.requiringNew()
                                        .call(() -> simulated.carryOut(charge)))
                .hasStackTraceContaining("within a transaction");

        assertThat(simulated.find(charge)).isEqualTo(new Result.NotFound());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TIMEOUT_BEFORE, Unknown[reason=TIME_OUT, 0",
        "TIMEOUT_AFTER, Unknown[reason=TIME_OUT, 1",
        "ERROR_BEFORE, Unknown[reason=SERVER_ERROR, 0",
        "ERROR_AFTER, Unknown[reason=SERVER_ERROR, 1",
        "DUPLICATE, Unknown[reason=CONFLICT, 1",
        "NOT_CONNECTED, NotSent[reason=NOT_CONNECTED, 0",
        "DECLINE, Declined[code=generic_decline, 1"
    })
    void aFaultStrikesOnceAndTheEndIsTheSameForWhoeverAsks(
            SimulatedFault fault, String answer, int done) {
        var charge = charge(card(WORKS), 1250);
        store.addFault(fault, charge.card());

        assertThat(simulated.carryOut(charge)).asString().startsWith(answer);
        assertThat(operations(charge.id())).isEqualTo(done);

        var found = simulated.find(charge);
        var again = simulated.carryOut(charge);
        assertThat(found).isEqualTo(done == 0 ? new Result.NotFound() : again);
        assertThat(again)
                .isInstanceOf(
                        fault == SimulatedFault.DECLINE
                                ? Result.Declined.class
                                : Result.Done.class);
        assertThat(operations(charge.id())).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"FIND_TIMEOUT, TIME_OUT", "FIND_ERROR, SERVER_ERROR"})
    void aQuestionCanGoUnansweredToo(SimulatedFault fault, Reason reason) {
        var charge = charge(card(WORKS), 1250);
        store.addFault(fault, charge.card());

        var done = simulated.carryOut(charge);

        assertThat(done).isInstanceOf(Result.Done.class);
        assertThat(simulated.find(charge)).isEqualTo(new Result.Unknown(reason));
        assertThat(simulated.find(charge)).isEqualTo(done);
    }

    @Test
    void aQuestionLeavesTheFaultsOfActsAlone() {
        var charge = charge(card(WORKS), 1250);
        store.addFault(SimulatedFault.TIMEOUT_BEFORE, charge.card());

        assertThat(simulated.find(charge)).isEqualTo(new Result.NotFound());

        assertThat(simulated.carryOut(charge)).isEqualTo(new Result.Unknown(Reason.TIME_OUT));
    }

    /** As when the answer to its commit is lost: it may have happened, and says so. */
    @Test
    void aDatabaseThatFailsBehindItLeavesItOpen() {
        var charge = charge(card(WORKS), 1250);
        Sql.run(
                """
                create function refuse_in_the_end() returns trigger language plpgsql as $$
                begin
                    raise exception 'refused when all is done';
                end
                $$
                """);
        Sql.run(
                """
                create constraint trigger breaks_the_commit after insert on simulated_operation
                    deferrable initially deferred
                    for each row execute function refuse_in_the_end()
                """);
        try {
            assertThat(simulated.carryOut(charge))
                    .isEqualTo(new Result.Unknown(Reason.SERVER_ERROR));
        } finally {
            Sql.run("drop trigger breaks_the_commit on simulated_operation");
            Sql.run("drop function refuse_in_the_end()");
        }
        assertThat(simulated.carryOut(charge)).isInstanceOf(Result.Done.class);
    }

    @ParameterizedTest
    @EnumSource(SimulatedFault.class)
    void aFaultThatIsMeantForAnotherCardStrikesNobodyElse(SimulatedFault fault) {
        store.addFault(fault, "another");

        assertThat(simulated.carryOut(charge(card(WORKS), 1250))).isInstanceOf(Result.Done.class);
    }

    @Test
    void whoeverTriesKvitCanHaveCallsGoWrongAndReadTheBooksOfTheProcessor() {
        var charge = charge(card(WORKS), 1250);
        RestAssured.given()
                .contentType(ContentType.JSON)
                .body(Map.of("fault", "error_after", "times", 2))
                .post(FAULTS)
                .then()
                .statusCode(204);

        assertThat(simulated.carryOut(charge)).isInstanceOf(Result.Unknown.class);
        assertThat(simulated.carryOut(charge)).isInstanceOf(Result.Unknown.class);
        assertThat(simulated.carryOut(charge)).isInstanceOf(Result.Done.class);

        var lines =
                RestAssured.given()
                        .queryParam("since", charge.since().toString())
                        .get("/v1/sandbox/processor/operations")
                        .then()
                        .statusCode(200)
                        .extract()
                        .jsonPath();
        assertThat(lines.getList("items.id", String.class)).contains(charge.id().toString());
        assertThat(lines.getList("items.kind", String.class)).contains("charge");
    }

    @ParameterizedTest
    @CsvSource({"nonsense, 1", "decline, 0", "decline, 1001"})
    void anArrangementThatIsNoneIsRefused(String fault, int times) {
        RestAssured.given()
                .contentType(ContentType.JSON)
                .body(Map.of("fault", fault, "times", times))
                .post(FAULTS)
                .then()
                .statusCode(400);
    }

    @Test
    void aRefundOfNoChargeIsABug() {
        assertThatExceptionOfType(NonsenseRefused.class)
                .isThrownBy(
                        () -> simulated.carryOut(refund(new Result.Done("sim_of_nobody"), 100)));
    }

    @Test
    void refundsAtTheSameTimeNeverAddUpToMoreThanTheCharge() throws Exception {
        var charge = simulated.carryOut(charge(card(WORKS), 1000));
        var threads = Executors.newFixedThreadPool(6);
        try {
            var calls =
                    IntStream.range(0, 6)
                            .mapToObj(it -> refund(charge, 400))
                            .<Callable<Result>>map(it -> () -> simulated.carryOut(it))
                            .collect(Collectors.toList());
            var done = 0;
            for (var each : threads.invokeAll(calls)) {
                done += each.get() instanceof Result.Done ? 1 : 0;
            }
            assertThat(done).isEqualTo(2);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void whatHappensLaterIsToldWhenTheClockHasComeToIt() {
        var contested = charge(card(CHARGED_BACK), 1250);
        var returned = push(card(RETURNED), Speed.STANDARD);
        var paid = push(card(WORKS), Speed.STANDARD);
        var name = ((Result.Done) simulated.carryOut(contested)).name();

        assertThat(simulated.carryOut(returned)).isInstanceOf(Result.Pending.class);
        assertThat(simulated.carryOut(paid)).isInstanceOf(Result.Pending.class);
        assertThat(told(contested)).isEmpty();

        TestClock.advance(Duration.ofHours(25));

        assertThat(simulated.find(contested)).isEqualTo(new Result.Done(name));
        assertThat(simulated.find(returned))
                .isInstanceOfSatisfying(
                        Result.Declined.class, it -> assertThat(it.code()).isEqualTo("returned"));
        assertThat(simulated.find(paid)).isInstanceOf(Result.Done.class);
        await().untilAsserted(
                        () -> {
                            assertThat(told(contested))
                                    .containsExactly(
                                            new Notice.Chargeback(
                                                    name,
                                                    "dispute_of_" + name,
                                                    contested.amount(),
                                                    "fraudulent",
                                                    evidenceDueBy(contested)));
                            assertThat(told(returned)).hasSize(1);
                            assertThat(told(paid)).hasSize(1);
                        });
        assertThat(told(returned).get(0)).isInstanceOf(Notice.PayoutFailed.class);
        assertThat(told(paid).get(0)).isInstanceOf(Notice.PayoutPaid.class);
    }

    private static Instant evidenceDueBy(Operation operation) {
        Timestamp at =
                Sql.value("select later_at from simulated_operation where id = ?", operation.id());
        return at.toInstant().plus(SimulatedNotices.EVIDENCE_WITHIN);
    }

    private List<Notice> told(Operation operation) {
        return notices.waiting(10_000).stream()
                .filter(it -> it.id().equals(operation.id().toString()))
                .map(Notice.Delivery::notice)
                .toList();
    }
}
