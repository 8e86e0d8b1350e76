package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kvit.packaged.Client.Person;
import kvit.support.Phones;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** a database that is away is an answer, soon, and heals without a restart. */
class OutageIT {

    private record Timed(HttpResponse<String> answer, Duration took) {}

    /** More than there are connections, so that the pool runs dry, too. */
    private static final int TRANSFERS = 30;

    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(6);
    private static final Duration UNREADY_WITHIN = Duration.ofSeconds(5);
    private static final Duration HEALS_WITHIN = Duration.ofSeconds(10);

    @TempDir Path folder;
    final ExecutorService threads = Executors.newFixedThreadPool(TRANSFERS);
    Service service;
    Client client;
    Person anna;
    Person boris;

    @BeforeEach
    void twoPeople() throws Exception {
        service = Service.in(folder).quick();
        service.start();
        client = new Client(service);
        anna = client.signIn(Phones.next());
        boris = client.signIn(Phones.next());
        client.fund(anna, 100_00);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        service.close();
    }

    @Test
    void anAwayDatabaseIsAnAnswerAndHealsByItself() throws Exception {
        hang();
        die();
    }

    /** Its sockets stay open and say nothing. */
    private void hang() throws Exception {
        service.postgres().signalAll("STOP");
        var transfers = sendAtOnce();
        // Each of these answers within a second, or is no answer.
        await().atMost(UNREADY_WITHIN).until(() -> client.health("ready").statusCode() == 503);
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(3))
                .until(
                        () ->
                                client.health("ready").statusCode() == 503
                                        && client.health("live").statusCode() == 200);

        // By now it is not even known who may come in: whoever asks waits for that, and no longer.
        transfers.add(sendInBackground("too late"));
        for (var transfer : transfers) {
            var timed = transfer.get();
            assertThatIsUnavailable(timed.answer());
            assertThat(timed.took()).isLessThan(ANSWERS_WITHIN);
        }

        service.postgres().signalAll("CONT");
        await().atMost(HEALS_WITHIN).until(() -> client.isReady() && sends("after the hang"));
        // Nobody was told that it failed for good, so everybody tries again; once each.
        for (var number = 0; number < TRANSFERS; number++) {
            assertThat(sends("meanwhile " + number)).isTrue();
        }
        assertThat(client.balance(boris)).isEqualTo(TRANSFERS + 1);
    }

    private List<Future<Timed>> sendAtOnce() {
        var transfers = new ArrayList<Future<Timed>>();
        for (var number = 0; number < TRANSFERS; number++) {
            transfers.add(sendInBackground("meanwhile " + number));
        }
        return transfers;
    }

    private Future<Timed> sendInBackground(String key) {
        return threads.submit(
                () -> {
                    var begunAt = System.nanoTime();
                    var answer = client.send(anna, boris, 1, key);
                    var took = Duration.ofNanos(System.nanoTime() - begunAt);
                    return new Timed(answer, took);
                });
    }

    private static void assertThatIsUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(it -> assertThat(it).startsWith("application/problem+json"));
        assertThat(answer.headers().firstValueAsLong("Retry-After")).isPresent();
        assertThat(Client.json(answer).path("retryable").booleanValue()).isTrue();
    }

    /** The service has started this PostgreSQL, and starts it again. */
    private void die() {
        var before = service.postgres().postmaster();

        service.postgres().signalPostmaster("KILL");

        await().atMost(HEALS_WITHIN).until(() -> sends("after its death") && client.isReady());
        assertThat(service.postgres().postmaster()).isNotEqualTo(before);
    }

    private boolean sends(String key) throws IOException, InterruptedException {
        return client.send(anna, boris, 1, key).statusCode() == 201;
    }
}
