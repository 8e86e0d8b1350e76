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
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kvit.packaged.Client.Person;
import kvit.packaged.Postgres.Role;
import kvit.support.Phones;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service is killed while money comes from cards, goes on from them and goes out to them, and
 * the processor does what it should not. When everything is found out, every charge is a completed
 * top-up, or has paid for a completed transfer, and the other way round; every push is a paid
 * payout, and nothing is held. {@code -Dkvit.topup.runs=200} for many; the finer points of death
 * are {@code TopUpFaultsTest}'s and {@code PayoutFaultsTest}'s.
 */
@Tag("long")
class MoneyByCardCrashIT {

    private static final int RUNS = Integer.getInteger("kvit.topup.runs", 60);
    private static final long SEED = Long.getLong("kvit.seed", System.nanoTime());

    /** Under way at each death. */
    private static final int AT_ONCE = 20;

    /** The rules let people top up ten times a day, and pay out five times. */
    private static final int RUNS_PER_PERSON = 8;

    /** So many answers at the most are waited for: the others are under way at that moment. */
    private static final int ANSWERED_AT_MOST = AT_ONCE / 2;

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

    /** What is under way when the service dies. */
    private enum Death {
        /** What people ask for. */
        REQUESTS,
        /** What a worker hands over to the processor. */
        HAND_OVER
    }

    private record Holder(Person person, String card) {}

    private record Order(Holder holder, String path, String key, String body) {}

    private static final String HANDED_OVER_AND_UNHEARD =
            """
            select count(*)
              from (select * from payout order by created_at offset ?) of_this_batch
             where state = 'IN_TRANSIT' and sent_at is not null and name is null
            """;

    /** What nobody knows the end of, or whether it was taken. */
    private static final String UNTOLD =
            """
            select (select count(*) from top_up where state = 'PENDING')
                 + (select count(*) from transfer where state = 'CHARGING')
                 + (select count(*) from charge_return where state = 'PENDING')
                 + (select count(*) from payout where state = 'IN_TRANSIT' and name is null)
            """;

    private static final String OPEN =
            """
            select (select count(*) from top_up where state = 'PENDING')
                 + (select count(*) from transfer where state = 'CHARGING')
                 + (select count(*) from charge_return where state = 'PENDING')
                 + (select count(*) from payout where state = 'IN_TRANSIT')
            """;

    private static final String FINDINGS =
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
            ), pushed as (
                select id, minor, currency from simulated_operation
                 where kind = 'PUSH' and refusal is null
            ), paid as (
                select push as id, minor, currency from payout where state = 'PAID'
            )
            select 'charge ' || id from charged full join completed using (id, minor, currency)
             where charged.id is null or completed.id is null
            union all
            select 'posting ' || id from posted full join completed using (id, minor, currency)
             where posted.id is null or completed.id is null
            union all
            select 'transfer ' || x.id
              from top_up t join transfer x on x.id = t.transfer
              left join posting p on p.id = x.id
             where (t.state = 'COMPLETED') <> (x.state = 'COMPLETED')
                or (p.id is null) = (x.state = 'COMPLETED')
            union all
            select 'push ' || id from pushed full join paid using (id, minor, currency)
             where pushed.id is null or paid.id is null
            union all
            select 'payout ' || y.id
              from payout y left join posting p on p.reverses = y.id
             where (p.id is null) = (y.state in ('RETURNED', 'CANCELLED'))
            union all
            select 'clearing' where exists (
                select from account where kind = 'PAYOUT_CLEARING' and balance <> 0)
            union all
            select 'held ' || id from account where held <> 0
            """;

    @TempDir Path folder;

    @Test
    void cardsAndBooksSayTheSameWhoeverDies() throws Exception {
        var random = new Random(SEED);
        try (var service =
                Service.in(folder)
                        .quick()
                        .with("kvit.identity.access-token-life", "PT3H")
                        // One magic card for many people.
                        .with("kvit.card.shared-allowed", "true")
                        // The breaker is somebody else's test; here each call is to be made.
                        .with("kvit.card.breaker.failure-percent", "100")
                        .with("kvit.card.breaker.calls", "100000")
                        .start()) {
            var client = new Client(service);
            var holders = holders(client, random);
            var deaths = new ArrayList<String>();
            for (var begin = 0; begin < RUNS; begin += AT_ONCE) {
                var orders = orders(holders, begin, random);
                arrange(client, random);
                var death = Death.values()[begin / AT_ONCE % Death.values().length];
                deaths.add(death + " " + dieDuring(death, service, client, orders, random));
            }
            var open = count(service, OPEN);
            assertThat(client.answer(client.request("/v1/sandbox/processor/faults").DELETE()))
                    .extracting(HttpResponse::statusCode)
                    .isEqualTo(204);
            client.post("/v1/sandbox/clock", "{\"advance\":\"PT16M\"}");
            await().atMost(SETTLED_WITHIN).until(() -> count(service, UNTOLD) == 0);
            // What could not be instant arrives the next day.
            client.post("/v1/sandbox/clock", "{\"advance\":\"PT21H\"}");
            await().atMost(SETTLED_WITHIN).until(() -> count(service, OPEN) == 0);

            System.out.printf(
                    "%d orders by card (-Dkvit.seed=%d): %s, %d open after the last%n",
                    RUNS, SEED, deaths, open);
            assertThat(findings(service)).isEmpty();
            var books = Client.json(client.get("/v1/sandbox/books"));
            assertThat(books.path("findings")).isEmpty();
            // Otherwise nothing was shown.
            for (var kind :
                    List.of(
                            "top_up where state = 'COMPLETED' and transfer is null",
                            "top_up where state = 'COMPLETED' and transfer is not null",
                            "payout where state = 'PAID'")) {
                assertThat(count(service, "select count(*) from " + kind)).as(kind).isPositive();
            }
            assertThat(deaths).doesNotContain(Death.REQUESTS + " 0");
        }
    }

    /** How many requests, or payouts, were under way at that moment. */
    private static long dieDuring(
            Death death, Service service, Client client, List<Order> orders, Random random)
            throws Exception {
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var earlier = count(service, "select count(*) from payout");
            var answers = send(client, orders, threads);
            var underWay = 0L;
            if (death == Death.HAND_OVER) {
                underWay = killAtHandOver(service, earlier);
            } else {
                var answered = random.nextInt(ANSWERED_AT_MOST);
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .atMost(SETTLED_WITHIN)
                        .until(() -> answers.stream().filter(Future::isDone).count() >= answered);
                service.kill();
            }
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
            return death == Death.HAND_OVER ? underWay : unanswered.size();
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * As soon as a call of this batch is committed and its end is not: within some milliseconds.
     * Says how many were so far when it was dead.
     */
    private static long killAtHandOver(Service service, long earlier) throws Exception {
        try (var connection = service.postgres().connect(Role.OWNER);
                var look = connection.prepareStatement(HANDED_OVER_AND_UNHEARD)) {
            look.setLong(1, earlier);
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(SETTLED_WITHIN)
                    .until(() -> number(look) > 0);
            service.kill();
            return number(look);
        }
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (var row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
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
            var answer =
                    client.answer(
                            request(client, order.holder().person(), order.path())
                                    .header("Idempotency-Key", order.key())
                                    .POST(BodyPublishers.ofString(order.body())));
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
            // All kinds in each batch, and in each batch everybody.
            orders.add(order(holders, run % holders.size(), run, random));
        }
        return orders;
    }

    private static Order order(List<Holder> holders, int number, int run, Random random) {
        var holder = holders.get(number);
        var payee = holders.get((number + 1) % holders.size());
        var minor = 100 + random.nextInt(900);
        var amount = "\"amount\":{\"minor\":%d,\"currency\":\"USD\"}".formatted(minor);
        var card = "\"cardId\":\"%s\"".formatted(holder.card());
        var key = "run-" + run;
        // By turns for each, and not for all at once: each death needs some of either.
        var isFirstKind = (run / holders.size() + number / 2) % 2 == 0;
        if (isSender(number)) {
            var use = isFirstKind ? "walletThenCard" : "card";
            var body =
                    "{\"payee\":{\"customerId\":\"%s\"},%s,\"fundingSource\":{%s,\"use\":\"%s\"}}"
                            .formatted(payee.person().id(), amount, card, use);
            return new Order(holder, "/v1/transfers", key, body);
        }
        if (isFirstKind) {
            var body = "{%s,%s,\"speed\":\"instant\"}".formatted(card, amount);
            return new Order(holder, "/v1/payouts", key, body);
        }
        return new Order(holder, "/v1/top-ups", key, "{%s,%s}".formatted(card, amount));
    }

    /** Every second one sends by card; the others top up and pay out. */
    private static boolean isSender(int number) {
        return number % 2 == 1;
    }

    private static List<Holder> holders(Client client, Random random) throws Exception {
        var holders = new ArrayList<Holder>();
        for (var i = 0; i <= (RUNS - 1) / RUNS_PER_PERSON; i++) {
            var isSlow = i % 8 == 3 || i % 8 == 6;
            var holder = holder(client, isSlow ? "4000000000000119" : number(random));
            // A sender's wallet covers some of what they send.
            client.fund(holder.person(), isSender(i) ? 4_00 : 500_00);
            holders.add(holder);
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

    private static long count(Service service, String sql) throws Exception {
        return service.postgres().number(Role.OWNER, sql);
    }

    /** What is at the processor and not here or in the books, and the other way round. */
    private static List<String> findings(Service service) throws Exception {
        var findings = new ArrayList<String>();
        try (var connection = service.postgres().connect(Role.OWNER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(FINDINGS)) {
            while (rows.next()) {
                findings.add(rows.getString(1));
            }
        }
        return findings;
    }
}
