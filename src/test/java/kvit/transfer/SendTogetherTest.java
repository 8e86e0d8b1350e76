package kvit.transfer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import kvit.idempotency.Answer;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.support.DatabaseProxy;
import kvit.support.DatabaseProxy.Cut;
import kvit.support.Gate;
import kvit.support.KvitTest;
import kvit.support.RawHttp;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many share a transaction, and each has an answer as if it had been alone. */
@KvitTest
class SendTogetherTest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final String PATH = "/v1/transfers";
    private static final Duration SOON = Duration.ofSeconds(10);

    @Inject SendTogether sendTogether;
    @Inject TransferConfig config;
    @Inject Teller teller;
    @Inject MeterRegistry metrics;

    TestPerson anna;
    TestPerson boris;

    /** In every key and note, so that no other test is meant. */
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

    /** A request, and what it has to be answered. */
    private record Asked(
            TestPerson payer, String key, UUID payee, long minor, int status, String code) {

        static Asked allowed(TestPerson payer, String key, UUID payee, long minor) {
            return new Asked(payer, key, payee, minor, 201, null);
        }

        Asked butRefused(String code) {
            return new Asked(payer, key, payee, minor, 422, code);
        }
    }

    @Test
    void answersEachOfTwoHundredAtOnceForItself() throws Exception {
        var people = people(20, 100_00);
        var asked = new ArrayList<Asked>();
        for (var number = 0; number < 150; number++) {
            asked.add(ask(people, number));
        }
        // The same once more at the same time; which of the two is first is open.
        asked.addAll(List.copyOf(asked.subList(0, 50)));

        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        try (var gate = Gate.shut()) {
            var first = hold(gate);
            for (var number = 0; number < asked.size(); number++) {
                answers.add(post(asked.get(number), requestId(number)));
            }
            await().atMost(SOON).until(() -> waiting() > 50);
            gate.open();
            assertThat(answer(first).status()).isEqualTo(201);
        }

        for (var number = 0; number < asked.size(); number++) {
            assertAnswered(asked.get(number), requestId(number), get(answers.get(number)));
        }
        for (var number = 0; number < 50; number++) {
            var twins = List.of(get(answers.get(number)), get(answers.get(150 + number)));
            assertThat(twins.get(0).body()).isEqualTo(twins.get(1).body());
            assertThat(twins).filteredOn(SendTogetherTest::isReplay).hasSize(1);
            assertRequestIdIsOfTheFirst(twins, List.of(requestId(number), requestId(150 + number)));
        }
        assertThat(transactions()).isLessThan(100);
        assertThat(people.stream().mapToLong(it -> it.balance("USD")).sum())
                .isEqualTo(people.size() * 100_00L);
        assertBooksBalance();
    }

    /** Of every five one is refused, each time for another reason. */
    private Asked ask(List<TestPerson> people, int number) {
        var payer = people.get(number % people.size());
        var payee = people.get((number + 1) % people.size());
        var asked = Asked.allowed(payer, mark + number, payee.id(), 1 + number % 7);
        return switch (number % 15) {
            case 4 ->
                    Asked.allowed(payer, asked.key(), UUID.randomUUID(), 1)
                            .butRefused("payee-not-found");
            case 9 -> Asked.allowed(payer, asked.key(), payer.id(), 1).butRefused("payer-is-payee");
            case 14 ->
                    Asked.allowed(payer, asked.key(), payee.id(), 5_000_00)
                            .butRefused("insufficient-funds");
            default -> asked;
        };
    }

    private void assertAnswered(Asked asked, String requestId, HttpResponse<String> answer) {
        var body = JsonPath.from(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(asked.status());
        assertThat(answer.headers().firstValue("Request-Id")).contains(requestId);
        if (asked.code() != null) {
            assertThat(body.getString("code")).isEqualTo(asked.code());
            if (!isReplay(answer)) {
                assertThat(body.getString("requestId")).isEqualTo(requestId);
            }
        } else {
            assertThat(body.getString("payer.id")).isEqualTo(asked.payer().id().toString());
            assertThat(body.getString("payee.id")).isEqualTo(asked.payee().toString());
            assertThat(body.getLong("amount.minor")).isEqualTo(asked.minor());
            assertThat(body.getString("note")).isEqualTo(asked.key());
        }
    }

    private static void assertRequestIdIsOfTheFirst(
            List<HttpResponse<String>> twins, List<String> requestIds) {
        if (twins.get(0).statusCode() == 422) {
            var first = isReplay(twins.get(0)) ? 1 : 0;
            assertThat(JsonPath.from(twins.get(0).body()).getString("requestId"))
                    .isEqualTo(requestIds.get(first));
        }
    }

    @Test
    void keepsNobodyWaitingForAnAccountThatOnlySomeNeed() throws Exception {
        var people = people(10, 10_00);
        var others = new ArrayList<CompletableFuture<Answer>>();
        var needy = new ArrayList<CompletableFuture<Answer>>();
        try (var gate = Gate.shut();
                var lock = lockAccountOf(anna)) {
            var first = hold(gate);
            for (var number = 0; number < 60; number++) {
                var payer = people.get(number % 10);
                var payee = people.get((number + 1) % 10);
                others.add(send(payer, payee, 1, null, mark + number));
                if (number == 20) {
                    needy.add(send(anna, boris, 1, null, mark + "from"));
                }
                if (number == 40) {
                    needy.add(send(payer, anna, 1, null, mark + "to"));
                }
            }
            gate.open();
            assertThat(answer(first).status()).isEqualTo(201);

            for (var other : others) {
                assertThat(answer(other).status()).isEqualTo(201);
            }
            assertThat(needy).noneMatch(Future::isDone);
            lock.rollback();
        }

        for (var answer : needy) {
            assertThat(answer(answer).status()).isEqualTo(201);
        }
        assertThat(anna.balance("USD")).isEqualTo(100_00);
        assertBooksBalance();
    }

    @Test
    void givesUpWhoeverNeedsAnAccountThatStaysLocked() throws Exception {
        try (var lock = lockAccountOf(anna)) {
            var needy = post(Asked.allowed(anna, mark, boris.id(), 1), "needy");
            var answer = get(needy);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(lock.isClosed()).isFalse();
        }
        assertThat(transfers(mark)).isEmpty();
        var again = get(post(Asked.allowed(anna, mark, boris.id(), 1), "again"));
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(isReplay(again)).isFalse();
    }

    @Test
    void failsOnlyTheOneThatSpoilsTheirTransaction() throws Exception {
        var people = people(6, 10_00);
        var poison = mark + "-poison";
        failAt(poison);
        var companions = new ArrayList<CompletableFuture<Answer>>();
        CompletableFuture<HttpResponse<String>> poisoned;
        try (var gate = Gate.shut()) {
            var first = hold(gate);
            poisoned = post(Asked.allowed(anna, poison, boris.id(), 10_00), "poisoned");
            await().atMost(SOON).until(() -> waiting() == 1);
            for (var number = 0; number < 20; number++) {
                var payer = number % 5 == 0 ? anna : people.get(number % 6);
                companions.add(send(payer, people.get((number + 1) % 6), 1, null, mark + number));
            }
            gate.open();
            assertThat(answer(first).status()).isEqualTo(201);
        }

        assertThat(companions).allSatisfy(it -> assertThat(answer(it).status()).isEqualTo(201));
        var answer = get(poisoned);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("fail_here", "Exception", "insert");
        assertThat(answer.headers().firstValue("Request-Id")).contains("poisoned");
        assertThat(transfers(poison)).isEmpty();
        assertThat(boris.balance("USD")).isEqualTo(1);
        assertThat(anna.balance("USD")).isEqualTo(100_00 - 4);
        assertBooksBalance();

        Sql.run("drop function fail_here cascade");
        var again = get(post(Asked.allowed(anna, poison, boris.id(), 10_00), "again"));
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(isReplay(again)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void sendsEachOnceAlthoughTheLineBreaksInsideOfTheirCommit(Cut where) throws Exception {
        var asked =
                IntStream.range(0, 12)
                        .mapToObj(it -> teller.attempt(anna, boris, 1_00, mark, mark + it))
                        .toList();
        var answers = new ArrayList<CompletableFuture<Answer>>();
        try (var gate = Gate.shut()) {
            var first = hold(gate);
            asked.forEach(it -> answers.add(send(it)));
            DatabaseProxy.cutCommitOf(mark + 7, where);
            gate.open();
            assertThat(answer(first).status()).isEqualTo(201);
        }

        for (var answer : answers) {
            assertThat(answer(answer).status()).isEqualTo(201);
            assertThat(answer(answer).replayed()).isEqualTo(where == Cut.AFTER_SERVER);
        }
        assertThat(DatabaseProxy.isPending(mark + 7)).isFalse();
        assertThat(transactions()).isEqualTo(1);
        for (var number = 0; number < asked.size(); number++) {
            var ids = transfers(mark + number);
            assertThat(ids).hasSize(1);
            assertThat(Sql.<Long>value("select count(*) from entry where posting = ?", ids.get(0)))
                    .isEqualTo(2);
            assertThat(
                            Sql.<Long>value(
                                    "select count(*) from outbox where payload like ?",
                                    "%" + ids.get(0) + "%"))
                    .isEqualTo(1);
            assertThat(answer(send(asked.get(number))))
                    .isEqualTo(new Answer(201, answer(answers.get(number)).body(), true));
        }
        assertThat(boris.balance("USD")).isEqualTo(1 + 12_00);
        assertBooksBalance();
    }

    @Test
    void turnsAwayAtTheDoorWhileAsManyWaitAsMay() throws Exception {
        var usual = get(post(Asked.allowed(anna, mark, boris.id(), 1), "usual"));
        var refused = IntStream.range(0, 5).mapToObj(it -> ask("refused-" + it)).toList();
        var waiting = new ArrayList<CompletableFuture<Answer>>();
        try (var gate = Gate.shut()) {
            var first = hold(gate);
            for (var number = 0; number < config.waitingMax(); number++) {
                waiting.add(send(anna, boris, 1, null, mark + number));
            }
            var one = teller.attempt(anna, boris, 1, null, mark + "one too many");
            assertThatThrownBy(() -> sendTogether.send(one))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            it -> assertThat(it.type()).isEqualTo(GeneralProblem.UNAVAILABLE));

            for (var it : refused) {
                assertTurnedAway(usual, it.key(), get(post(it, it.key())));
            }
            anna.get("/v1/me/balances").statusCode(200);
            assertThat(first).isNotDone();
            gate.open();
        }

        for (var answer : waiting) {
            assertThat(answer(answer).status()).isEqualTo(201);
        }
        for (var it : refused) {
            assertThat(transfers(it.key())).isEmpty();
            var again = get(post(it, "again"));
            assertThat(again.statusCode()).isEqualTo(201);
            assertThat(isReplay(again)).isFalse();
        }
        assertThat(transfers(mark + "one too many")).isEmpty();
        assertThat(boris.balance("USD")).isEqualTo(1 + 1 + config.waitingMax() + refused.size());
    }

    private Asked ask(String key) {
        return Asked.allowed(anna, mark + key, boris.id(), 1);
    }

    private static void assertTurnedAway(
            HttpResponse<String> usual, String requestId, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(answer.headers().firstValue("Request-Id")).contains(requestId);
        var problem = JsonPath.from(answer.body());
        assertThat(problem.getString("code")).isEqualTo("unavailable");
        assertThat(problem.getString("type")).isEqualTo("/problems/unavailable");
        assertThat(problem.getInt("status")).isEqualTo(503);
        assertThat(problem.getBoolean("retryable")).isTrue();
        assertThat(problem.getString("requestId")).isEqualTo(requestId);
        for (var header :
                List.of(
                        "Cache-Control",
                        "X-Content-Type-Options",
                        "Content-Security-Policy",
                        "Strict-Transport-Security")) {
            assertThat(answer.headers().firstValue(header))
                    .as(header)
                    .isPresent()
                    .isEqualTo(usual.headers().firstValue(header));
        }
    }

    private static List<TestPerson> people(int number, long minor) {
        return IntStream.range(0, number).mapToObj(it -> TestPerson.with(minor, "USD")).toList();
    }

    /** Keeps the writer busy by people of its own, so that what comes after gathers. */
    private CompletableFuture<Answer> hold(Gate gate) {
        var first =
                send(
                        TestPerson.with(1, "USD"),
                        TestPerson.fresh(),
                        1,
                        gate.note(),
                        UUID.randomUUID().toString());
        gate.awaitArrival();
        return first;
    }

    private CompletableFuture<Answer> send(
            TestPerson payer, TestPerson payee, long minor, String note, String key) {
        return send(teller.attempt(payer, payee, minor, note, key));
    }

    private CompletableFuture<Answer> send(Attempt<SendMoney.Order> attempt) {
        return sendTogether.send(attempt).toCompletableFuture();
    }

    private static CompletableFuture<HttpResponse<String>> post(Asked asked, String requestId) {
        var body =
                ("{\"payee\":{\"customerId\":\"%s\"},\"note\":\"%s\","
                                + "\"amount\":{\"minor\":%d,\"currency\":\"USD\"}}")
                        .formatted(asked.payee(), asked.key(), asked.minor());
        var request =
                RawHttp.request(PATH)
                        .header("Authorization", "Bearer " + asked.payer().accessToken())
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", asked.key())
                        .header("Request-Id", requestId)
                        .POST(BodyPublishers.ofString(body));
        return CLIENT.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(CompletableFuture<HttpResponse<String>> answer)
            throws Exception {
        return answer.get(20, SECONDS);
    }

    private static Answer answer(CompletableFuture<Answer> answer) {
        try {
            return answer.get(20, SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nobody has answered", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String requestId(int number) {
        return "request-" + number;
    }

    private static boolean isReplay(HttpResponse<String> answer) {
        return answer.headers().firstValue("Idempotency-Replayed").isPresent();
    }

    private int waiting() {
        return (int) metrics.get("kvit.transfers.waiting").gauge().value();
    }

    private static List<UUID> transfers(String key) {
        return Sql.column("select id from transfer where key = ?", key);
    }

    /** How many of them it took to store all that this test has sent. */
    private long transactions() {
        return Sql.<Long>value(
                "select count(distinct xmin::text) from transfer where key like ?", mark + "%");
    }

    private static void assertBooksBalance() {
        assertThat(Sql.<Long>value("select count(*) from books_discrepancy")).isZero();
    }

    /** Until it is rolled back or closed. */
    private static Connection lockAccountOf(TestPerson person) throws SQLException {
        var connection = Sql.asOwner();
        connection.setAutoCommit(false);
        try (var statement =
                connection.prepareStatement("select from account where owner = ? for update")) {
            statement.setObject(1, person.id());
            statement.execute();
        }
        return connection;
    }

    private static void failAt(String note) {
        Sql.run(
                """
                create function fail_here() returns trigger language plpgsql as $$
                begin
                    raise exception 'made to fail';
                end
                $$
                """);
        Sql.run(
                "create trigger fail_here after insert on transfer for each row when (new.note = '%s') "
                                .formatted(note)
                        + "execute function fail_here()");
    }
}
