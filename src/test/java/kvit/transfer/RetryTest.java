package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.idempotency.Answer;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** L-10: what the database asks to be repeated is repeated, but not for ever. */
@KvitTest
class RetryTest {

    static final String NOTE = "retry-test";

    @Inject Teller teller;

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.with(1_000_00, "USD");
        boris = TestPerson.with(1, "USD");
        Sql.run("create sequence attempts_made");
    }

    @AfterEach
    void conflictNoMore() {
        Sql.run("drop function if exists conflict cascade");
        Sql.run("drop sequence attempts_made");
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void getsThroughWhereTheFifthAttemptDoes(String state) {
        // One to five attempts for every five transfers, which makes fifteen.
        conflictIf("mod(made, 15) not in (1, 3, 6, 10, 0)", state);
        for (var number = 0; number < 25; number++) {
            var answer = send("k" + number);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            assertThat(answer.headers().firstValue("Idempotency-Replayed")).isEmpty();
        }
        assertThat(boris.balance("USD")).isEqualTo(1 + 25);
        assertThat(attempts()).isEqualTo(75);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void isUnavailableAfterFiveAttempts(String state) {
        conflictIf("true", state);
        var answer = send("k");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(JsonPath.from(answer.body()).getString("code")).isEqualTo("unavailable");
        assertThat(JsonPath.from(answer.body()).getBoolean("retryable")).isTrue();
        assertThat(attempts()).isEqualTo(5);
        assertThat(Sql.<Long>value("select count(*) from transfer where payer = ?", anna.id()))
                .isZero();
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from entry where account in "
                                        + "(select id from account where owner = ?)",
                                anna.id()))
                .isEqualTo(1);

        Sql.run("drop function conflict cascade");
        var again = send("k");
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(boris.balance("USD")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void repeatsWhatTheCommitRefuses(String state) {
        conflictIf(
                "mod(made, 3) > 0", state, "constraint trigger", "deferrable initially deferred");
        for (var number = 0; number < 20; number++) {
            var answer = send("k" + number);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
        assertThat(boris.balance("USD")).isEqualTo(1 + 20);
        assertThat(attempts()).isEqualTo(60);
    }

    /** Five in a row fail once in three thousand: then the caller's own repetition gets through. */
    @Test
    void getsThroughAmongOthersWhereOneAttemptInFiveFails() throws Exception {
        conflictIf("random() < 0.2", "40001");
        var unavailable = new AtomicInteger();
        var tasks = new ArrayList<Callable<Answer>>();
        for (var number = 0; number < 400; number++) {
            var key = "k" + number;
            tasks.add(() -> insist(key, unavailable));
        }
        var answers = Race.run(8, tasks);

        assertThat(answers).extracting(Answer::status).containsOnly(201);
        assertThat(answers).extracting(Answer::replayed).containsOnly(false);
        assertThat(boris.balance("USD")).isEqualTo(1 + 400);
        assertThat(unavailable).hasValueLessThan(5);
        assertThat(attempts()).isGreaterThan(420);
    }

    private Answer insist(String key, AtomicInteger unavailable) {
        while (true) {
            try {
                return teller.send(List.of(teller.attempt(anna, boris, 1, NOTE, key))).get(0);
            } catch (Problem problem) {
                assertThat(problem.type()).isEqualTo(GeneralProblem.UNAVAILABLE);
                unavailable.incrementAndGet();
            }
        }
    }

    private HttpResponse<String> send(String key) {
        return Http.post(
                anna,
                "/v1/transfers",
                key,
                ("{\"payee\":{\"customerId\":\"%s\"},"
                                + "\"amount\":{\"minor\":1,\"currency\":\"USD\"},\"note\":\"%s\"}")
                        .formatted(boris.id(), NOTE));
    }

    private static long attempts() {
        return Sql.<Long>value("select last_value from attempts_made");
    }

    private static void conflictIf(String condition, String state) {
        conflictIf(condition, state, "trigger", "");
    }

    /** A sequence counts on where everything else is rolled back. */
    private static void conflictIf(String condition, String state, String kind, String when) {
        Sql.run(
                """
                create function conflict() returns trigger language plpgsql security definer as $$
                declare
                    made bigint := nextval('attempts_made');
                begin
                    if %s then
                        raise exception 'made to conflict' using errcode = '%s';
                    end if;
                    return new;
                end
                $$
                """
                        .formatted(condition, state));
        Sql.run(
                ("create %s conflict after insert on transfer %s"
                                + " for each row when (new.note = '%s') execute function conflict()")
                        .formatted(kind, when, NOTE));
    }
}
