package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import kvit.idempotency.Answer;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** L-04 and L-10: many at the same wallets at the same time. */
@Tag("long")
@KvitTest
class RaceTest {

    /** Transfers in one database transaction; one each is the same race and takes a minute. */
    static final int TOGETHER = Integer.getInteger("kvit.race.together", 5);

    @Inject Teller teller;

    @Test
    void emptiesAWalletOnceWhereAThousandTry() throws Exception {
        var anna = TestPerson.with(10_00, "USD");
        var boris = TestPerson.fresh();
        var tasks = new ArrayList<Callable<Answer>>();
        for (var number = 0; number < 1_000; number++) {
            var key = "k" + number;
            tasks.add(() -> teller.send(anna, boris, 10_00, key));
        }
        var answers = Race.run(32, tasks);

        assertThat(answers).extracting(Answer::status).containsOnly(201, 422);
        assertThat(answers.stream().filter(it -> it.status() == 201)).hasSize(1);
        assertThat(answers.stream().filter(Answer::isProblem))
                .allMatch(it -> it.body().contains("\"code\":\"insufficient-funds\""));
        assertThat(anna.balance("USD")).isZero();
        assertThat(boris.balance("USD")).isEqualTo(10_00);
    }

    @Test
    void emptiesAWalletOnceWhereAHundredTryOverHttp() throws Exception {
        var anna = TestPerson.with(10_00, "USD");
        var boris = TestPerson.fresh();
        var body =
                "{\"payee\":{\"customerId\":\"%s\"},\"amount\":{\"minor\":1000,\"currency\":\"USD\"}}"
                        .formatted(boris.id());
        var tasks = new ArrayList<Callable<HttpResponse<String>>>();
        for (var number = 0; number < 100; number++) {
            var key = "k" + number;
            tasks.add(() -> Http.post(anna, "/v1/transfers", key, body));
        }
        var answers = Race.run(100, tasks);

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(201, 422);
        assertThat(answers.stream().filter(it -> it.statusCode() == 201)).hasSize(1);
        assertThat(answers.stream().filter(it -> it.statusCode() == 422))
                .allMatch(
                        it ->
                                JsonPath.from(it.body())
                                        .getString("code")
                                        .equals("insufficient-funds"));
        assertThat(anna.balance("USD")).isZero();
        assertThat(boris.balance("USD")).isEqualTo(10_00);
    }

    @Test
    void sendsBackAndForthTenThousandTimesWithoutADeadlockThatAnybodySees() throws Exception {
        var anna = TestPerson.with(100_000, "USD");
        var boris = TestPerson.with(100_000, "USD");
        var tasks = new ArrayList<Callable<List<Answer>>>();
        for (var number = 0; number < 10_000 / TOGETHER; number++) {
            var payer = number % 2 == 0 ? anna : boris;
            var payee = number % 2 == 0 ? boris : anna;
            var list = new ArrayList<Attempt<SendMoney.Order>>();
            for (var part = 0; part < TOGETHER; part++) {
                list.add(teller.attempt(payer, payee, number % 2 + 1, null, number + "/" + part));
            }
            tasks.add(() -> teller.send(list));
        }
        var begun = System.nanoTime();
        var answers = Race.run(16, tasks).stream().flatMap(List::stream).toList();
        var seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "RaceTest: %d transfers between two in %.1f s, %.0f a second%n",
                answers.size(), seconds, answers.size() / seconds);

        assertThat(answers).hasSize(10_000).extracting(Answer::status).containsOnly(201);
        assertThat(anna.balance("USD")).isEqualTo(105_000);
        assertThat(boris.balance("USD")).isEqualTo(95_000);
    }

    @Test
    void collectsFromManyPayersAtOnce() throws Exception {
        var boris = TestPerson.fresh();
        var payers = new ArrayList<TestPerson>();
        var tasks = new ArrayList<Callable<Answer>>();
        for (var number = 0; number < 25; number++) {
            var payer = TestPerson.with(20, "USD");
            payers.add(payer);
            for (var times = 0; times < 20; times++) {
                var key = "k" + times;
                tasks.add(() -> teller.send(payer, boris, 1, key));
            }
        }
        var answers = Race.run(16, tasks);

        assertThat(answers).hasSize(500).extracting(Answer::status).containsOnly(201);
        assertThat(boris.balance("USD")).isEqualTo(500);
        assertThat(payers).allMatch(it -> it.balance("USD") == 0);
    }
}
