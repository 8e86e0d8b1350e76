package kvit.transfer;

import static kvit.support.DatabaseProxy.Cut.AFTER_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.agroal.api.AgroalDataSource;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import kvit.idempotency.Answer;
import kvit.support.DatabaseProxy;
import kvit.support.DatabaseProxy.Cut;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.support.Traces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** I-08 to I-10: whatever breaks, and wherever, it was done once or not at all. */
@KvitTest
class CommitTest {

    @Inject Teller teller;
    @Inject AgroalDataSource pool;

    TestPerson anna;
    TestPerson boris;

    /** In the key and the note of what is cut, so that nothing else is. */
    String mark;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.with(100_00, "USD");
        boris = TestPerson.with(1, "USD");
        mark = "mark-" + UUID.randomUUID();
    }

    @AfterEach
    void passEverythingOn() {
        DatabaseProxy.cutNothing();
        Sql.run("drop function if exists fail_here cascade");
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void sendsOnceAlthoughTheLineBreaksInsideOfTheCommit(Cut where) {
        for (var round = 0; round < 5; round++) {
            var key = mark + round;
            DatabaseProxy.cutCommitOf(key, where);
            assertSentOnce(key, where);
        }
        assertThat(boris.balance("USD")).isEqualTo(1 + 5 * 10_00);
    }

    /** As where the server crashes: every line breaks, and for a while there is nobody. */
    @ParameterizedTest
    @EnumSource(Cut.class)
    void sendsOnceAlthoughTheServerIsGoneInsideOfTheCommit(Cut where) {
        DatabaseProxy.crashInCommitOf(mark, where);
        assertSentOnce(mark, where);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void keepsARefusalOnceAlthoughTheLineBreaksInsideOfTheCommit(Cut where) {
        DatabaseProxy.cutCommitOf(mark, where);
        var answer = Http.post(anna, "/v1/transfers", mark, body(1_000_00));
        assertThat(DatabaseProxy.isPending(mark)).isFalse();

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(JsonPath.from(answer.body()).getString("code")).isEqualTo("insufficient-funds");
        anna.fund(1_000_00, "USD");
        assertThat(Http.post(anna, "/v1/transfers", mark, body(1_000_00)).body())
                .isEqualTo(answer.body());
        assertThat(transfers(mark)).hasSize(1);
        assertThat(boris.balance("USD")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void refundsOnceAlthoughTheLineBreaksInsideOfTheCommit(Cut where) {
        var id = JsonPath.from(send("first").body()).getString("id");
        DatabaseProxy.cutCommitOf(mark, where);
        boris.refund(id, 4_00, "USD", mark).statusCode(201);

        assertThat(DatabaseProxy.isPending(mark)).isFalse();
        assertThat(boris.balance("USD")).isEqualTo(1 + 6_00);
        assertThat(anna.get("/v1/transfers/" + id).extract().<Integer>path("refunded.minor"))
                .isEqualTo(4_00);
    }

    @ParameterizedTest
    @CsvSource({
        "BEFORE_SERVER, PATIENTLY",
        "BEFORE_SERVER, TOGETHER",
        "AFTER_SERVER, PATIENTLY",
        "AFTER_SERVER, TOGETHER"
    })
    void answersEachOfAListAlthoughTheLineBreaksInsideOfTheCommit(Cut where, Teller.Way way) {
        DatabaseProxy.cutCommitOf(mark, where);
        var answers =
                teller.send(
                        way,
                        List.of(
                                teller.attempt(anna, boris, 1_00, null, "one"),
                                teller.attempt(anna, boris, 2_00, null, mark),
                                teller.attempt(anna, boris, 200_00, null, "too much")));

        assertThat(DatabaseProxy.isPending(mark)).isFalse();
        assertThat(answers).extracting(Answer::status).containsExactly(201, 201, 422);
        assertThat(boris.balance("USD")).isEqualTo(1 + 3_00);
    }

    /**
     * Money from nowhere has no key, so it is not tried again where it may have been done: whoever
     * asked for it hears that nobody knows.
     */
    @ParameterizedTest
    @CsvSource({"BEFORE_SERVER, 0", "AFTER_SERVER, 1"})
    void fundsAtMostOnceAlthoughTheLineBreaksInsideOfTheCommit(Cut where, int fundings) {
        DatabaseProxy.cutCommitOf("funding", where);
        var answer =
                Http.post(
                        anna,
                        "/v1/sandbox/funding",
                        null,
                        "{\"customerId\":\"%s\",\"amount\":{\"minor\":500,\"currency\":\"USD\"}}"
                                .formatted(anna.id()));

        assertThat(DatabaseProxy.isPending("funding")).isFalse();
        assertUnavailable(answer);
        assertThat(anna.balance("USD")).isEqualTo(100_00 + fundings * 5_00);
    }

    /** I-10 */
    @ParameterizedTest
    @CsvSource({
        "before insert on posting, when (new.kind = 'transfer')",
        "before insert on entry, when (new.minor = 1000)",
        "before update on account, when (new.balance = 9000)",
        "before insert on transfer, when (new.minor = 1000)",
        "before insert on outbox, when (new.topic = 'TransferCompleted')",
        "after insert on outbox, when (new.topic = 'TransferCompleted')"
    })
    void leavesNothingWhereOneStatementFails(String event, String condition) {
        failAt("create trigger fail_here", event, condition, "P0001");
        assertNothingIsLeftAndTheKeyIsFree(500);
    }

    @Test
    void leavesNothingWhereTheCommitItselfFails() {
        failAt(
                "create constraint trigger fail_here",
                "after insert on outbox deferrable initially deferred",
                "when (new.topic = 'TransferCompleted')",
                "P0001");
        assertNothingIsLeftAndTheKeyIsFree(500);
    }

    @Test
    void leavesNothingWhereAStatementTakesTooLong() {
        failAt(
                "create trigger fail_here",
                "before insert on outbox",
                "when (new.topic = 'TransferCompleted')",
                "57014");
        assertNothingIsLeftAndTheKeyIsFree(503);
    }

    @Test
    void leavesNothingWhereTheServerEndsTheSession() {
        Sql.run(
                """
                create function fail_here() returns trigger language plpgsql as $$
                begin
                    perform pg_terminate_backend(pg_backend_pid());
                    return new;
                end
                $$
                """);
        Sql.run(
                "create trigger fail_here before insert on outbox for each row "
                        + "when (new.topic = 'TransferCompleted') execute function fail_here()");
        assertNothingIsLeftAndTheKeyIsFree(503);
    }

    @Test
    void saysTryAgainWhereEveryConnectionIsTaken() throws Exception {
        var all = pool.getConfiguration().connectionPoolConfiguration().maxSize();
        var taken = new CountDownLatch(all);
        var release = new CountDownLatch(1);
        var holders = Executors.newFixedThreadPool(all);
        try {
            for (var i = 0; i < all; i++) {
                holders.submit(
                        () -> {
                            try (var connection = pool.getConnection()) {
                                taken.countDown();
                                release.await();
                                return connection.isClosed();
                            }
                        });
            }
            assertThat(taken.await(10, TimeUnit.SECONDS)).isTrue();

            assertUnavailable(send(mark));
        } finally {
            release.countDown();
            holders.shutdown();
        }
        var again = send(mark);
        assertThat(again.statusCode()).isEqualTo(201);
        assertDoneOnce(mark, again);
    }

    private void assertNothingIsLeftAndTheKeyIsFree(int status) {
        var before = Traces.of(anna.id());
        var answer = send(mark);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("fail_here", "Exception", "insert", "outbox");
        assertThat(Traces.of(anna.id())).isEqualTo(before);
        assertThat(transfers(mark)).isEmpty();
        assertThat(anna.balance("USD")).isEqualTo(100_00);

        Sql.run("drop function fail_here cascade");
        var again = send(mark);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertDoneOnce(mark, again);
        assertThat(Traces.of(anna.id()))
                .containsExactly(
                        before.get(0) + 1, before.get(1) + 1, before.get(2) + 2, before.get(3) + 1);
    }

    /** The answer is that of the first attempt where the server had heard of it. */
    private void assertSentOnce(String key, Cut where) {
        var answer = send(key);
        assertThat(DatabaseProxy.isPending(key)).isFalse();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Idempotency-Replayed").isPresent())
                .isEqualTo(where == AFTER_SERVER);
        assertDoneOnce(key, answer);
    }

    private void assertDoneOnce(String key, HttpResponse<String> answer) {
        var id = UUID.fromString(JsonPath.from(answer.body()).getString("id"));
        assertThat(transfers(key)).containsExactly(id);
        assertThat(Sql.<Long>value("select count(*) from entry where posting = ?", id))
                .isEqualTo(2);
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from outbox where payload like ?", "%" + id + "%"))
                .isEqualTo(1);
        var replay = send(key);
        assertThat(replay.body()).isEqualTo(answer.body());
        assertThat(replay.headers().firstValue("Idempotency-Replayed")).contains("true");
        anna.request()
                .queryParam("idempotencyKey", key)
                .get("/v1/transfers")
                .then()
                .body("items.id", equalTo(List.of(id.toString())));
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private HttpResponse<String> send(String key) {
        return Http.post(anna, "/v1/transfers", key, body(10_00));
    }

    private String body(long minor) {
        return "{\"payee\":{\"customerId\":\"%s\"},\"amount\":{\"minor\":%d,\"currency\":\"USD\"}}"
                .formatted(boris.id(), minor);
    }

    private static void failAt(String create, String event, String condition, String state) {
        Sql.run(
                """
                create function fail_here() returns trigger language plpgsql as $$
                begin
                    raise exception 'made to fail' using errcode = '%s';
                end
                $$
                """
                        .formatted(state));
        Sql.run(
                create
                        + " "
                        + event
                        + " for each row "
                        + condition
                        + " execute function fail_here()");
    }

    private List<UUID> transfers(String key) {
        return Sql.column("select id from transfer where payer = ? and key = ?", anna.id(), key);
    }
}
