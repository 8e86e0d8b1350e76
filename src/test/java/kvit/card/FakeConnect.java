package kvit.card;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * The part of Stripe that pays out: our balance, the one connected account, and the world. Fails in
 * every way that its documentation allows, as often as it is told.
 */
final class FakeConnect implements AutoCloseable {

    static {
        // Before the first server: otherwise each answer waits for 40 ms on a connection.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private record Answer(int status, String body) {}

    private static final class Thing {
        final String id;
        final String operation;
        final long amount;
        String status;

        Thing(String id, Map<String, String> form, String status) {
            this.id = id;
            this.operation = form.get("metadata[kvit_id]");
            this.amount = Long.parseLong(form.get("amount"));
            this.status = status;
        }
    }

    private static final Answer DECLINED =
            new Answer(402, FakeStripe.error("card_error", "card_declined"));
    private static final Answer TOO_LITTLE =
            new Answer(400, FakeStripe.error("invalid_request_error", "balance_insufficient"));
    private static final Answer REVERSED_BEFORE =
            new Answer(400, FakeStripe.error("invalid_request_error", "transfer_reversed"));

    private final HttpServer server;
    private final Instant now;
    private final Map<String, Answer> byKey = new HashMap<>();
    private final Map<String, Thing> transfers = new LinkedHashMap<>();
    private final Map<String, Thing> payouts = new LinkedHashMap<>();
    private Random random = new Random(0);
    private int faults;
    private int made;

    private FakeConnect(HttpServer server, Instant now) {
        this.server = server;
        this.now = now;
    }

    static FakeConnect start(Instant now) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var fake = new FakeConnect(HttpServer.create(address, 0), now);
        fake.server.createContext("/", fake::serve);
        fake.server.start();
        return fake;
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Nothing is there, and about every second call goes wrong until so many have. */
    synchronized void begin(Random source, int faultsAtMost) {
        random = source;
        faults = faultsAtMost;
        byKey.clear();
        transfers.clear();
        payouts.clear();
    }

    synchronized void fail(int times) {
        faults = times;
    }

    /** What is on its way arrives, or comes back to the connected account. */
    synchronized void settle() {
        for (var payout : payouts.values()) {
            if (payout.status.equals("pending")) {
                payout.status = random.nextInt(4) == 0 ? "failed" : "paid";
            }
        }
    }

    /** Some of what had arrived comes back after all. */
    synchronized void comeBack() {
        for (var payout : payouts.values()) {
            if (payout.status.equals("paid") && random.nextInt(5) == 0) {
                payout.status = "failed";
            }
        }
    }

    /** How much of ours is in the connected account. */
    synchronized long there() {
        return sum(transfers, it -> it.status.equals("there"))
                - sum(payouts, it -> !it.status.equals("failed"));
    }

    /** How many there have been, taken back or not. */
    synchronized int transfers() {
        return transfers.size();
    }

    synchronized long paidOut(String operation) {
        return sum(payouts, it -> it.status.equals("paid") && operation.equals(it.operation));
    }

    synchronized long transferred(String operation) {
        return sum(transfers, it -> it.status.equals("there") && operation.equals(it.operation));
    }

    private static long sum(Map<String, Thing> things, Predicate<Thing> which) {
        return things.values().stream().filter(which).mapToLong(it -> it.amount).sum();
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var isQuestion = exchange.getRequestMethod().equals("GET");
        var form = isQuestion ? Map.<String, String>of() : form(exchange);
        var fault = faults > 0 && random.nextBoolean() ? random.nextInt(4) : -1;
        faults -= fault < 0 ? 0 : 1;
        if (fault == 0) {
            // Not begun, and not remembered either.
            FakeStripe.answer(exchange, 503, "");
            return;
        }
        if (fault == 1) {
            FakeStripe.answer(exchange, 429, FakeStripe.error("invalid_request_error", "rate"));
            return;
        }
        var answer = isQuestion ? read(path) : once(exchange, path, form, fault == 2);
        if (fault == 3) {
            // Done, and the answer is lost.
            exchange.close();
        } else {
            FakeStripe.answer(exchange, answer.status(), answer.body());
        }
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        return FakeStripe.form(body);
    }

    /** A failure after it was begun is the answer for as long as the key is known. */
    private Answer once(
            HttpExchange exchange, String path, Map<String, String> form, boolean failsAfterwards) {
        var key = path + " " + exchange.getRequestHeaders().getFirst("Idempotency-Key");
        var known = byKey.get(key);
        if (known == null) {
            var done = carryOut(path, form);
            known = failsAfterwards ? new Answer(500, "") : done;
            byKey.put(key, known);
        }
        return known;
    }

    private Answer carryOut(String path, Map<String, String> form) {
        if (path.endsWith("/reversals")) {
            return reverse(transfers.get(path.split("/")[3]));
        }
        if (path.equals("/v1/transfers")) {
            return random.nextInt(10) == 0
                    ? TOO_LITTLE
                    : added(transfers, new Thing("tr_" + next(), form, "there"));
        }
        if (random.nextInt(4) == 0) {
            return DECLINED;
        }
        var payout = new Thing("po_" + next(), form, "pending");
        return there() < payout.amount ? TOO_LITTLE : added(payouts, payout);
    }

    /** Never again, like Stripe's own ids; the books of the tests keep them for good. */
    private String next() {
        return Long.toString(now.toEpochMilli(), 36) + "_" + made++;
    }

    private Answer added(Map<String, Thing> things, Thing thing) {
        things.put(thing.id, thing);
        return new Answer(200, json(thing));
    }

    private Answer reverse(Thing transfer) {
        if (transfer.status.equals("back")) {
            return REVERSED_BEFORE;
        }
        if (there() < transfer.amount) {
            return TOO_LITTLE;
        }
        transfer.status = "back";
        return new Answer(200, "{'id':'trr_1','object':'transfer_reversal'}");
    }

    private Answer read(String path) {
        var isOne = path.startsWith("/v1/transfers/");
        if (isOne) {
            return new Answer(200, json(transfers.get(path.split("/")[3])));
        }
        return new Answer(200, list(path.endsWith("payouts") ? payouts : transfers));
    }

    private String list(Map<String, Thing> things) {
        Collection<String> items = things.values().stream().map(this::json).toList();
        return StripeAnswers.list(String.join(",", items));
    }

    private String json(Thing thing) {
        return """
               {'id':'%s','object':'%s','amount':%d,'currency':'usd','status':'%s','reversed':%s,
                'created':%d,'metadata':{'kvit_id':'%s'}}
               """
                .formatted(
                        thing.id,
                        thing.id.startsWith("tr_") ? "transfer" : "payout",
                        thing.amount,
                        thing.status,
                        thing.status.equals("back"),
                        now.getEpochSecond(),
                        thing.operation);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
