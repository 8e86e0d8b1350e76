package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.packaged.Client.Person;
import kvit.packaged.Postgres.Role;
import kvit.support.Phones;
import kvit.webhook.Receiver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * People send each other money while one receiver of their webhooks is healthy and the others fail,
 * hang and redirect; then the service and a receiver die again and again, together and apart. In
 * the end every notice of a committed transfer has arrived at whoever was to hear of it, none of
 * any other, and each customer's in their order. {@code -Dkvit.webhooks=10000} for so many
 * transfers.
 */
@Tag("long")
class WebhookCrashIT {

    private static final int TRANSFERS = Integer.getInteger("kvit.webhooks", 120);
    private static final long SEED = Long.getLong("kvit.seed", System.nanoTime());
    private static final int DEATHS = Math.max(2, Math.min(20, TRANSFERS / 500));
    private static final int PEOPLE = 20;
    private static final int THREADS = 4;

    /** What has failed twice while its receiver was dead is tried again minutes later. */
    private static final Duration ARRIVED_WITHIN = Duration.ofMinutes(8);

    /** Of the healthy receiver, from the COMMIT until it has the message, while others are not. */
    private static final Duration P99_MAX = Duration.ofSeconds(5);

    /** In the order of commits, with the time at which they were stored. */
    private static final String NOTICES =
            """
            select n.customer::text, n.number, n.data::json ->> 'transferId' as transfer,
                   extract(epoch from n.at) * 1000 as at
              from notice n
             where n.type = 'transfer.completed'
             order by n.number
            """;

    private record Told(String customer, String transfer, double at) {
        String key() {
            return customer + " " + transfer;
        }
    }

    private record Hook(Receiver receiver, String secret) {}

    @TempDir Path folder;

    @Test
    void everythingArrivesInOrderWhoeverFailsHangsOrDies() throws Exception {
        var random = new Random(SEED);
        var inside = Receiver.answering(200);
        try (var service =
                        Service.in(folder)
                                .quick()
                                .with("kvit.identity.access-token-life", "PT3H")
                                .with("kvit.webhook.timeout", "PT15S")
                                .start();
                var healthy = Receiver.answering(200);
                var dying = Receiver.answering(204);
                var failing = Receiver.answering(500);
                var hanging = Receiver.answering(Receiver.NEVER);
                var redirecting =
                        Receiver.answering(307).withHeaders(Map.of("Location", inside.url()))) {
            var client = new Client(service);
            var hooks = new ArrayList<Hook>();
            for (var receiver : List.of(healthy, dying, failing, hanging, redirecting)) {
                hooks.add(hook(client, receiver));
            }
            var people = new ArrayList<Person>();
            for (var i = 0; i < PEOPLE; i++) {
                var person = client.signIn(Phones.next());
                client.fund(person, 100_000_00);
                people.add(person);
            }

            var began = System.nanoTime();
            send(client, people, TRANSFERS / 2, "calm", random);
            var aSecond = TRANSFERS / 2 / ((System.nanoTime() - began) / 1e9);
            awaitAll(service, healthy);
            awaitAll(service, dying);
            var p99 = p99(told(service), healthy);

            var dead = dieWhileSending(service, client, people, dying, random);
            awaitAll(service, healthy);
            awaitAll(service, dying);

            var told = told(service);
            System.out.printf(
                    "webhooks of %d transfers (-Dkvit.seed=%d): p99 %d ms beside 3 receivers in"
                            + " trouble, at %.0f transfers a second; %d deaths; %d of %d messages"
                            + " came more than once%n",
                    TRANSFERS,
                    SEED,
                    p99.toMillis(),
                    aSecond,
                    dead,
                    healthy.messages().size() - healthy.received().size(),
                    healthy.received().size());
            for (var hook : hooks.subList(0, 2)) {
                assertInOrder(told, hook.receiver());
                for (var message : newest(hook.receiver())) {
                    new Webhook(hook.secret()).verify(message.text(), message.headers());
                }
            }
            assertThat(told).hasSizeGreaterThanOrEqualTo(2 * (TRANSFERS - TRANSFERS % 2));
            // What was rolled back is in no table, and so is told to nobody.
            assertThat(
                            service.postgres()
                                    .number(
                                            Role.OWNER,
                                            "select count(*) from transfer where state ="
                                                    + " 'COMPLETED'"))
                    .isEqualTo(told.size() / 2);
            assertThat(inside.messages()).isEmpty();
            for (var trouble : List.of(failing, hanging, redirecting)) {
                assertThat(trouble.messages()).isNotEmpty();
                assertThat(trouble.received()).isEmpty();
            }
            assertThat(p99).isLessThan(P99_MAX);
        } finally {
            inside.close();
        }
    }

    /** Says how often the service died. */
    private static int dieWhileSending(
            Service service, Client client, List<Person> people, Receiver dying, Random random)
            throws Exception {
        var each = TRANSFERS / 2 / DEATHS + 1;
        for (var death = 0; death < DEATHS; death++) {
            var sent = new AtomicInteger();
            var threads = Executors.newSingleThreadExecutor();
            var name = "death-" + death;
            var sending =
                    threads.submit(
                            () -> {
                                send(client, people, each, name, random, sent);
                                return true;
                            });
            var moment = random.nextInt(each);
            await().atMost(ARRIVED_WITHIN)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> sent.get() >= moment || sending.isDone());
            // On the way to the database, between two messages, before or after an answer.
            Thread.sleep(random.nextInt(1_500));
            if (death % 2 == 0) {
                dying.die();
            }
            // Both, the service, the receiver, the service, and so on.
            if (death % 4 != 2) {
                service.kill();
                service.start();
            }
            if (death % 2 == 0) {
                dying.comeBack();
            }
            sending.get();
            threads.shutdown();
        }
        return DEATHS - (DEATHS + 1) / 4;
    }

    private static void send(
            Client client, List<Person> people, int number, String name, Random random)
            throws Exception {
        send(client, people, number, name, random, new AtomicInteger());
    }

    /** Each as often as it takes to be acknowledged. */
    private static void send(
            Client client,
            List<Person> people,
            int number,
            String name,
            Random random,
            AtomicInteger sent)
            throws Exception {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            var answers = new ArrayList<Future<?>>();
            for (var i = 0; i < number; i++) {
                var payer = random.nextInt(PEOPLE);
                var payee = (payer + 1 + random.nextInt(PEOPLE - 1)) % PEOPLE;
                var key = name + "-" + i;
                answers.add(
                        threads.submit(
                                () -> {
                                    await().atMost(ARRIVED_WITHIN)
                                            .pollInSameThread()
                                            .pollDelay(Duration.ZERO)
                                            .until(
                                                    () ->
                                                            isSent(
                                                                    client,
                                                                    people.get(payer),
                                                                    people.get(payee),
                                                                    key));
                                    sent.incrementAndGet();
                                }));
            }
            for (var answer : answers) {
                answer.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean isSent(Client client, Person payer, Person payee, String key)
            throws InterruptedException {
        try {
            var answer = client.send(payer, payee, 1, key);
            assertThat(answer.statusCode()).as(answer.body()).isIn(201, 503);
            return answer.statusCode() == 201;
        } catch (IOException dead) {
            return false;
        }
    }

    /** Returns when this one has accepted all that there is. */
    private static void awaitAll(Service service, Receiver receiver) throws Exception {
        var transfers =
                service.postgres()
                        .number(
                                Role.OWNER,
                                "select count(*) from transfer where state = 'COMPLETED'");
        await().atMost(ARRIVED_WITHIN).until(() -> completed(receiver).size() == 2 * transfers);
    }

    private static List<Receiver.Message> completed(Receiver receiver) {
        return receiver.received().stream()
                .filter(it -> it.type().equals("transfer.completed"))
                .toList();
    }

    /** Receivers refuse what is older than five minutes, and a long run is. */
    private static List<Receiver.Message> newest(Receiver receiver) {
        var since = Instant.now().minusSeconds(240);
        return receiver.messages().stream().filter(it -> it.at().isAfter(since)).toList();
    }

    /** At least once each, none of anything else, and each customer's in the order of commits. */
    private static void assertInOrder(List<Told> told, Receiver receiver) {
        assertThat(byCustomer(completed(receiver)))
                .isEqualTo(
                        told.stream()
                                .collect(
                                        HashMap<String, List<String>>::new,
                                        (all, it) ->
                                                all.computeIfAbsent(
                                                                it.customer(),
                                                                c -> new ArrayList<>())
                                                        .add(it.transfer()),
                                        HashMap::putAll));
    }

    private static Map<String, List<String>> byCustomer(List<Receiver.Message> messages) {
        var transfers = new HashMap<String, List<String>>();
        for (var message : messages) {
            transfers
                    .computeIfAbsent(message.customer(), it -> new ArrayList<>())
                    .add(message.body().at("/data/transferId").textValue());
        }
        return transfers;
    }

    private static Duration p99(List<Told> told, Receiver receiver) {
        var at = new HashMap<String, Double>();
        told.forEach(it -> at.put(it.key(), it.at()));
        var took =
                completed(receiver).stream()
                        .map(
                                it ->
                                        it.at().toEpochMilli()
                                                - at.get(
                                                        it.customer()
                                                                + " "
                                                                + it.body()
                                                                        .at("/data/transferId")
                                                                        .textValue()))
                        .sorted()
                        .toList();
        return Duration.ofMillis(took.get((int) (took.size() * 0.99)).longValue());
    }

    private static List<Told> told(Service service) throws SQLException {
        var told = new ArrayList<Told>();
        try (var connection = service.postgres().connect(Role.OWNER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(NOTICES)) {
            while (rows.next()) {
                told.add(new Told(rows.getString(1), rows.getString(3), rows.getDouble(4)));
            }
        }
        return told;
    }

    /** As operators do it: asked for by one, agreed to by another, and its secret drawn. */
    private static Hook hook(Client client, Receiver receiver) throws Exception {
        var admin = token(client, "admin@kvit.example");
        var asked =
                post(
                        client,
                        admin,
                        "/v1/admin/webhook-endpoints",
                        "{\"client\":\"web\",\"url\":\"%s\",\"types\":[],\"reason\":\"R.\"}"
                                .formatted(receiver.url()),
                        202);
        post(
                client,
                token(client, "approver@kvit.example"),
                "/v1/admin/approvals/" + asked.path("id").textValue() + "/approval",
                "{}",
                200);
        for (var endpoint :
                Client.json(
                                client.answer(
                                        client.request("/v1/admin/webhook-endpoints")
                                                .header("Authorization", "Bearer " + admin)))
                        .path("items")) {
            if (endpoint.path("url").textValue().equals(receiver.url())) {
                var path =
                        "/v1/admin/webhook-endpoints/"
                                + endpoint.path("id").textValue()
                                + "/secret";
                return new Hook(
                        receiver,
                        post(client, admin, path, "{\"reason\":\"R.\"}", 200)
                                .path("secret")
                                .textValue());
            }
        }
        throw new AssertionError("no endpoint " + receiver.url());
    }

    private static String token(Client client, String email) throws Exception {
        return post(
                        client,
                        "",
                        "/v1/admin/sign-ins",
                        "{\"email\":\"%s\",\"password\":\"correct horse battery staple\"}"
                                .formatted(email),
                        200)
                .path("accessToken")
                .textValue();
    }

    private static JsonNode post(
            Client client, String token, String path, String body, int expected) throws Exception {
        var request = client.request(path).header("Content-Type", "application/json");
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        var answer = client.answer(request.POST(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
        return Client.json(answer);
    }
}
