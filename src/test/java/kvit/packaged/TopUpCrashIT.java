package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import kvit.packaged.Client.Person;
import kvit.packaged.Postgres.Role;
import kvit.support.Phones;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service is killed while many top-ups are under way, and the processor does what it should
 * not. When everything is found out, every charge is a completed top-up and every completed top-up
 * a charge. {@code -Dkvit.topup.runs=200} for many; the finer points of death are {@code
 * TopUpFaultsTest}'s.
 */
@Tag("long")
class TopUpCrashIT {

    private static final int RUNS = Integer.getInteger("kvit.topup.runs", 60);
    private static final long SEED = Long.getLong("kvit.seed", System.nanoTime());

    /** Under way at each death. */
    private static final int AT_ONCE = 20;

    /** The rules let people top up ten times a day, and they try some again. */
    private static final int RUNS_PER_PERSON = 8;

    /**
     * From the first request of a batch; the last ones have just been sent then, or are through.
     */
    private static final int DIES_WITHIN_MILLIS = 250;

    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);

    private static final List<String> FAULTS =
            List.of(
                    "timeout_before",
                    "timeout_after",
                    "error_before",
                    "error_after",
                    "duplicate",
                    "not_connected",
                    "decline");

    private record Holder(Person person, String card) {}

    private record Order(Holder holder, String key, long minor) {}

    @TempDir Path folder;

    @Test
    void everyChargeIsOneTopUpAndEveryTopUpOneChargeWhoeverDies() throws Exception {
        var random = new Random(SEED);
        try (var service =
                Service.in(folder)
                        .with("kvit.identity.access-token-life", "PT3H")
                        // One magic card for many people.
                        .with("kvit.card.shared-allowed", "true")
                        // The breaker is somebody else's test; here each call is to be made.
                        .with("kvit.card.breaker.failure-percent", "100")
                        .with("kvit.card.breaker.calls", "100000")
                        .start()) {
            var client = new Client(service);
            var holders = holders(client, random);
            var deaths = new ArrayList<Long>();
            for (var begin = 0; begin < RUNS; begin += AT_ONCE) {
                var orders = orders(holders, begin, random);
                arrange(client, random);
                deaths.add(topUpAndDie(service, client, orders, random));
            }
            var pending = pending(service);
            assertThat(client.answer(client.request("/v1/sandbox/processor/faults").DELETE()))
                    .extracting(HttpResponse::statusCode)
                    .isEqualTo(204);
            client.post("/v1/sandbox/clock", "{\"advance\":\"PT16M\"}");
            await().atMost(SETTLED_WITHIN).until(() -> pending(service) == 0);

            var completed = count(service, "COMPLETED");
            System.out.printf(
                    "Topped up %d times (-Dkvit.seed=%d): unanswered at each death %s, %d pending"
                            + " after the last, %d completed, %d declined%n",
                    RUNS, SEED, deaths, pending, completed, count(service, "DECLINED"));
            assertThat(contradictions(service)).isZero();
            var books = Client.json(client.get("/v1/sandbox/books"));
            assertThat(books.path("findings")).isEmpty();
            assertThat(completed).isPositive();
            // Most deaths met some that were under way, or the test has shown nothing.
            assertThat(deaths.stream().filter(it -> it > 0)).hasSizeGreaterThan(deaths.size() / 2);
        }
    }

    private static long topUpAndDie(
            Service service, Client client, List<Order> orders, Random random) throws Exception {
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var answers = send(client, orders, threads);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(DIES_WITHIN_MILLIS));
            service.kill();
            var unanswered = new ArrayList<Order>();
            for (var i = 0; i < orders.size(); i++) {
                if (!answers.get(i).get()) {
                    unanswered.add(orders.get(i));
                }
            }
            service.start();
            // Some ask again, and some have given up.
            var again = unanswered.stream().filter(it -> random.nextBoolean()).toList();
            for (var answer : send(client, again, threads)) {
                answer.get();
            }
            return unanswered.size();
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Future<Boolean>> send(
            Client client, List<Order> orders, ExecutorService threads) {
        var answers = new ArrayList<Future<Boolean>>();
        orders.forEach(it -> answers.add(threads.submit(() -> isAnswered(client, it))));
        return answers;
    }

    private static boolean isAnswered(Client client, Order order) throws InterruptedException {
        try {
            var body =
                    "{\"cardId\":\"%s\",\"amount\":{\"minor\":%d,\"currency\":\"USD\"}}"
                            .formatted(order.holder().card(), order.minor());
            var answer =
                    client.answer(
                            request(client, order.holder().person(), "/v1/top-ups")
                                    .header("Idempotency-Key", order.key())
                                    .POST(BodyPublishers.ofString(body)));
            assertThat(answer.statusCode()).as(answer.body()).isIn(201, 422, 503);
            return answer.statusCode() != 503;
        } catch (IOException dead) {
            return false;
        }
    }

    private static void arrange(Client client, Random random) throws Exception {
        for (var i = 0; i < AT_ONCE / 2; i++) {
            var fault = FAULTS.get(random.nextInt(FAULTS.size()));
            var answer =
                    client.post(
                            "/v1/sandbox/processor/faults",
                            "{\"fault\":\"" + fault + "\",\"times\":1}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        }
    }

    private static List<Order> orders(List<Holder> holders, int begin, Random random) {
        var orders = new ArrayList<Order>();
        for (var run = begin; run < Math.min(RUNS, begin + AT_ONCE); run++) {
            orders.add(
                    new Order(
                            holders.get(run / RUNS_PER_PERSON),
                            "run-" + run,
                            1 + random.nextInt(999)));
        }
        return orders;
    }

    private static List<Holder> holders(Client client, Random random) throws Exception {
        var holders = new ArrayList<Holder>();
        for (var i = 0; i <= (RUNS - 1) / RUNS_PER_PERSON; i++) {
            holders.add(holder(client, i % 4 == 3 ? "4000000000000119" : number(random)));
        }
        return holders;
    }

    private static Holder holder(Client client, String number) throws Exception {
        var phone = Phones.next();
        var person = client.signIn(phone);
        send(client, person, "PATCH", "/v1/me", DETAILS, 200);
        send(client, person, "PUT", "/v1/me/pin", "{\"pin\":\"739164\"}", 204);
        var card =
                "{\"number\":\"%s\",\"expiryMonth\":12,\"expiryYear\":2035,\"cvc\":\"737\",\"holder\":\"A\"}"
                        .formatted(number);
        var id =
                Client.json(send(client, person, "POST", "/v1/cards", card, 201))
                        .path("id")
                        .textValue();
        var messages =
                client.get(
                        "/v1/sandbox/messages?phone="
                                + URLEncoder.encode(phone, StandardCharsets.UTF_8));
        var code = Client.json(messages).at("/items/0/code").textValue();
        var path = "/v1/cards/" + id + "/verification";
        send(client, person, "POST", path, "{\"code\":\"" + code + "\"}", 200);
        return new Holder(person, id);
    }

    private static final String DETAILS = "{\"displayName\":\"Anna\",\"birthDate\":\"1990-05-17\"}";

    private static HttpResponse<String> send(
            Client client, Person person, String method, String path, String body, int status)
            throws Exception {
        var answer =
                client.answer(
                        request(client, person, path)
                                .header("Idempotency-Key", "k")
                                .method(method, BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    private static HttpRequest.Builder request(Client client, Person person, String path) {
        return client.request(path)
                .header("Authorization", "Bearer " + person.accessToken())
                .header("Content-Type", "application/json");
    }

    /** A number that nobody has, with the right check digit. */
    private static String number(Random random) {
        var digits = "4%014d".formatted(Math.floorMod(random.nextLong(), 100_000_000_000_000L));
        var sum = 0;
        for (var i = 0; i < digits.length(); i++) {
            var digit = digits.charAt(i) - '0';
            // Counted from the check digit, every second one is doubled.
            var doubled = i % 2 == 0 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return digits + (10 - sum % 10) % 10;
    }

    private static long pending(Service service) throws Exception {
        return count(service, "PENDING");
    }

    private static long count(Service service, String state) throws Exception {
        return service.postgres()
                .number(Role.OWNER, "select count(*) from top_up where state = '" + state + "'");
    }

    /** What is at the processor and not here or in the books, and the other way round. */
    private static long contradictions(Service service) throws Exception {
        return service.postgres()
                .number(
                        Role.OWNER,
                        """
                        with charged as (
                            -- What was given back is as if it had never been.
                            select id, minor, currency from simulated_operation o
                             where kind = 'CHARGE' and refusal is null
                               and not exists (select from simulated_operation r
                                                where r.kind = 'REFUND' and r.refusal is null
                                                  and r.subject = o.name and r.minor = o.minor)
                        ), completed as (
                            select id, minor, currency from top_up where state = 'COMPLETED'
                        ), posted as (
                            select p.id, e.minor, a.currency
                              from posting p
                              join entry e on e.posting = p.id
                              join account a on a.id = e.account and a.kind = 'WALLET'
                             where p.kind = 'top-up'
                        )
                        select (select count(*) from charged full join completed using (id, minor, currency)
                                 where charged.id is null or completed.id is null)
                             + (select count(*) from posted full join completed using (id, minor, currency)
                                 where posted.id is null or completed.id is null)
                        """);
    }
}
