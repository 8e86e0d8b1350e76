package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kvit.packaged.Client.Person;
import kvit.packaged.Postgres.Role;
import kvit.support.Phones;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** whoever was being served when SIGTERM came is served, and then everything is put away. */
class ShutdownIT {

    /** What became of a request: the status, or 0 where no answer came. */
    private record Outcome(long begunAt, int status) {}

    private static final int THREADS = 8;

    /** Less than it waits for stragglers: nobody may have been cut off. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(15);

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir Path folder;
    final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    Service service;
    Client client;
    Person anna;
    Person boris;

    @BeforeEach
    void choose() throws Exception {
        service = Service.in(folder).quick();
        client = new Client(service);
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        service.close();
    }

    @Test
    void readinessGoesDownFirstAndNobodyWhoCameBeforeIsTurnedAway() throws Exception {
        // What live mode has: time for a load balancer to look elsewhere.
        service.with("quarkus.shutdown.delay", "2S").start();
        makePeople();
        var outcomes = new ConcurrentLinkedQueue<Outcome>();
        var senders = new ArrayList<Future<?>>();
        for (var thread = 0; thread < THREADS; thread++) {
            var name = "sender-" + thread;
            senders.add(threads.submit(() -> sendUntilNobodyAnswers(name, outcomes)));
        }
        await().atMost(SOON).until(() -> outcomes.size() > 10 * THREADS);

        service.terminate();
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> client.health("ready").statusCode() == 503);
        var unreadyAt = System.nanoTime();
        var late = client.send(anna, boris, 1, "after readiness went down");

        assertThat(late.statusCode()).as("while the others look elsewhere").isEqualTo(201);
        service.awaitEnd(ENDS_WITHIN);
        for (var sender : senders) {
            sender.get();
        }
        assertThat(outcomes)
                .filteredOn(it -> it.begunAt() < unreadyAt)
                .hasSizeGreaterThan(10 * THREADS)
                .allMatch(it -> it.status() == 201);
        assertThatPostgresWasPutAway();
    }

    private void sendUntilNobodyAnswers(String name, ConcurrentLinkedQueue<Outcome> outcomes) {
        var status = 201;
        for (var number = 0; status == 201; number++) {
            var begunAt = System.nanoTime();
            try {
                status = client.send(anna, boris, 1, name + "-" + number).statusCode();
            } catch (IOException e) {
                status = 0;
            } catch (InterruptedException e) {
                return;
            }
            outcomes.add(new Outcome(begunAt, status));
        }
    }

    @Test
    void whatIsUnderWayIsFinishedWhileNothingNewIsTakenOn() throws Exception {
        // Longer than usual, because here a transfer waits for a lock on purpose.
        service.with(
                        "quarkus.datasource.jdbc.new-connection-sql",
                        "set lock_timeout = '6s'; set statement_timeout = '7s'")
                .with("quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout", "8")
                .start();
        makePeople();
        List<Future<Integer>> underWay;
        var idle = requestsInFlight();
        try (var owner = service.postgres().connect(Role.OWNER);
                var statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("select from account where owner = '" + anna.id() + "' for update");
            underWay = sendAtOnce();
            // Few threads wait for all of them.
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> requestsInFlight() == idle + THREADS && waitingForLocks() > 0);

            service.terminate();
            await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> !takesOn(client));
            assertThat(underWay).as("still under way").noneMatch(Future::isDone);
        }

        for (var transfer : underWay) {
            assertThat(transfer.get()).isEqualTo(201);
        }
        service.awaitEnd(ENDS_WITHIN);
        assertThatPostgresWasPutAway();
    }

    private List<Future<Integer>> sendAtOnce() {
        var transfers = new ArrayList<Future<Integer>>();
        for (var thread = 0; thread < THREADS; thread++) {
            var key = "under way " + thread;
            Callable<Integer> send = () -> client.send(anna, boris, 1, key).statusCode();
            transfers.add(threads.submit(send));
        }
        return transfers;
    }

    /** As the service counts them, this question included. */
    private double requestsInFlight() throws Exception {
        return client.get("/q/metrics")
                .body()
                .lines()
                .filter(it -> it.startsWith("http_server_active_requests"))
                .mapToDouble(it -> Double.parseDouble(it.substring(it.lastIndexOf(' ') + 1)))
                .sum();
    }

    private long waitingForLocks() throws Exception {
        return service.postgres()
                .number(
                        Role.SUPERUSER,
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock'");
    }

    private static boolean takesOn(Client client) throws InterruptedException {
        try {
            return client.get("/.well-known/jwks.json").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void makePeople() throws Exception {
        anna = client.signIn(Phones.next());
        boris = client.signIn(Phones.next());
        client.fund(anna, 1_000_00);
    }

    private void assertThatPostgresWasPutAway() {
        assertThat(service.log())
                .as("work that was not waited for")
                .doesNotContain("Timed out waiting", "After Shutdown", "ERROR");
        assertThat(service.postgres().processes()).isEmpty();
        assertThat(folder.resolve(".kvit/postgres/data/postmaster.pid")).doesNotExist();
        assertThat(service.postgres().log())
                .contains("database system is shut down")
                .doesNotContain("terminating connection");
    }
}
