package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import kvit.packaged.Client.Person;
import kvit.packaged.Postgres.Role;
import kvit.support.Phones;

/**
 * People who send each other small amounts without a pause, whatever happens to the service, and
 * who remember every transfer that was acknowledged. Whoever gets no answer, or a 503, asks again
 * with the same key until it is acknowledged.
 */
final class Load implements AutoCloseable {

    private record Order(String key, Person payer, Person payee, long minor) {}

    private record Acknowledged(Order order, String transfer) {}

    /**
     * What the acknowledgements and the service, asked afterwards, disagree about.
     *
     * @param acknowledged transfers that were answered with 201
     * @param retried requests without an answer, or with a 503, that were sent again
     * @param lost acknowledged, and not readable by its id
     * @param duplicated keys that stand for more or for another transfer than the acknowledged one,
     *     and transfers that no key stands for
     * @param unbalanced people whose balance is not what was acknowledged to them, and findings of
     *     the service's own check of its books
     * @param eventless completed transfers without exactly one event
     */
    record Verdict(
            long acknowledged,
            long retried,
            long lost,
            long duplicated,
            long unbalanced,
            long eventless) {}

    private static final int PEOPLE = 20;
    private static final int THREADS = 8;
    private static final long FUNDS = 1_000_00;
    private static final int AMOUNT_MAX = 9;
    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(120);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    private final Service service;
    private final Client client;
    private final long seed;
    private final List<Person> people = new ArrayList<>();
    private final Map<String, Acknowledged> acknowledgements = new ConcurrentHashMap<>();
    private final AtomicLong retried = new AtomicLong();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Future<?>> senders = new ArrayList<>();
    private int started;
    private volatile boolean stopping;

    /** Makes the people; nobody sends yet. */
    Load(Service service, long seed) throws IOException, InterruptedException {
        this.service = service;
        this.client = new Client(service);
        this.seed = seed;
        for (var i = 0; i < PEOPLE; i++) {
            var person = client.signIn(Phones.next());
            client.fund(person, FUNDS);
            people.add(person);
        }
    }

    void start() {
        stopping = false;
        for (var thread = 0; thread < THREADS; thread++) {
            var random = new Random(seed + started);
            var name = "sender-" + started++;
            senders.add(threads.submit(() -> sendUntilStopped(name, random)));
        }
    }

    private void sendUntilStopped(String name, Random random) {
        for (var number = 0; !stopping; number++) {
            var payer = random.nextInt(PEOPLE);
            var payee = (payer + 1 + random.nextInt(PEOPLE - 1)) % PEOPLE;
            var order =
                    new Order(
                            name + "-" + number,
                            people.get(payer),
                            people.get(payee),
                            1 + random.nextInt(AMOUNT_MAX));
            if (!isAcknowledged(order)) {
                await(order.key())
                        .pollInSameThread()
                        .pollInterval(BETWEEN_ATTEMPTS)
                        .atMost(ACKNOWLEDGED_WITHIN)
                        .until(() -> isAcknowledged(order));
            }
        }
    }

    private boolean isAcknowledged(Order order) {
        try {
            var answer = client.send(order.payer(), order.payee(), order.minor(), order.key());
            if (answer.statusCode() == 201) {
                var transfer = Client.json(answer).path("id").textValue();
                acknowledgements.put(order.key(), new Acknowledged(order, transfer));
                return true;
            }
            // Anything else would be an answer that nothing here explains: a 500 is a bug.
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        } catch (IOException lost) {
            // Whether it was carried out nobody knows.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        retried.incrementAndGet();
        return false;
    }

    /** Returns when so many more have been acknowledged. */
    void awaitAcknowledged(int more) {
        var goal = acknowledgements.size() + more;
        await().atMost(ACKNOWLEDGED_WITHIN)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> acknowledgements.size() >= goal || hasFailed());
    }

    /** What has failed is thrown by stop(). */
    private boolean hasFailed() {
        return !stopping && senders.stream().anyMatch(Future::isDone);
    }

    /** Returns when the last of the orders has been acknowledged. */
    void stop() throws Exception {
        stopping = true;
        for (var sender : senders) {
            try {
                sender.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a sender failed; the log:\n" + service.log(), e);
            }
        }
        senders.clear();
    }

    /** Asks the service, through its doors, and its tables, about all that was acknowledged. */
    Verdict verdict() throws Exception {
        var lost = new AtomicLong();
        var duplicated = new AtomicLong();
        var questions = new ArrayList<Callable<Void>>();
        for (var each : acknowledgements.values()) {
            questions.add(
                    () -> {
                        if (!isReadable(each)) {
                            lost.incrementAndGet();
                        } else if (!isTheOnlyOne(each)) {
                            duplicated.incrementAndGet();
                        }
                        return null;
                    });
        }
        for (var answer : threads.invokeAll(questions)) {
            answer.get();
        }
        var transfers = service.postgres().number(Role.OWNER, "select count(*) from transfer");
        var keyless = transfers - acknowledgements.size() + lost.get();
        return new Verdict(
                acknowledgements.size(),
                retried.get(),
                lost.get(),
                duplicated.get() + keyless,
                unbalanced(),
                eventless());
    }

    private boolean isReadable(Acknowledged each) throws IOException, InterruptedException {
        var answer = client.get("/v1/transfers/" + each.transfer(), each.order().payee());
        return answer.statusCode() == 200
                && Client.json(answer).path("id").textValue().equals(each.transfer());
    }

    private boolean isTheOnlyOne(Acknowledged each) throws IOException, InterruptedException {
        var path = "/v1/transfers?idempotencyKey=" + each.order().key();
        var found = Client.json(client.get(path, each.order().payer())).path("items");
        return found.size() == 1 && found.at("/0/id").textValue().equals(each.transfer());
    }

    private long unbalanced() throws IOException, InterruptedException {
        var books = Client.json(client.get("/v1/sandbox/books"));
        var findings = books.path("findings").size();
        assertThat(books.path("balanced").booleanValue()).isEqualTo(findings == 0);
        var expected = new HashMap<Person, Long>();
        people.forEach(person -> expected.put(person, FUNDS));
        for (var each : acknowledgements.values()) {
            expected.merge(each.order().payer(), -each.order().minor(), Long::sum);
            expected.merge(each.order().payee(), each.order().minor(), Long::sum);
        }
        var wrong = 0;
        for (var person : people) {
            if (client.balance(person) != expected.get(person)) {
                wrong++;
            }
        }
        return findings + wrong;
    }

    private long eventless() throws SQLException {
        return service.postgres()
                .number(
                        Role.OWNER,
                        """
                        select count(*)
                          from (select id from transfer where state <> 'DECLINED') t
                          full join (select cast(payload as json) ->> 'transfer' as transfer, count(*)
                                       from outbox
                                      where topic = 'TransferCompleted'
                                      group by 1) e on e.transfer = cast(t.id as text)
                         where e.count is distinct from 1 or t.id is null
                        """);
    }

    /** Whoever is still sending is interrupted. */
    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
    }
}
