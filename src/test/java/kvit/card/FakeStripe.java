package kvit.card;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** As much of Stripe as its public documentation says and the contract of processors needs. */
final class FakeStripe implements AutoCloseable {

    static {
        // Before the first server: otherwise each answer waits for 40 ms on a connection.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Small, so that few things fill more than one. */
    private static final int PAGE_MAX = 2;

    private record Answer(String request, int status, String body) {}

    private record Thing(String id, String owner, long amount, String json) {}

    private final HttpServer server;
    private final Instant now;
    private final Map<String, Answer> byKey = new HashMap<>();
    private final Map<String, String> numbers = new HashMap<>();
    private final Map<String, Thing> intents = new LinkedHashMap<>();
    private final Map<String, Thing> refunds = new LinkedHashMap<>();

    private FakeStripe(HttpServer server, Instant now) {
        this.server = server;
        this.now = now;
    }

    static FakeStripe start(Instant now) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var fake = new FakeStripe(HttpServer.create(address, 0), now);
        fake.server.createContext("/", fake::serve);
        fake.server.start();
        return fake;
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized int operations(String id) {
        return (int) intents.values().stream().filter(it -> it.json().contains(id)).count();
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (exchange.getRequestMethod().equals("GET")) {
            var query = form(exchange.getRequestURI().getRawQuery());
            var things = path.endsWith("refunds") ? refunds : intents;
            var owner = query.getOrDefault("customer", query.get("payment_intent"));
            answer(exchange, 200, page(things.values(), owner, query));
            return;
        }
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        var key = path + " " + exchange.getRequestHeaders().getFirst("Idempotency-Key");
        var known = byKey.get(key);
        if (known != null && !known.request().equals(body)) {
            answer(exchange, 400, error("idempotency_error", "idempotency_key_in_use"));
        } else if (known != null) {
            answer(exchange, known.status(), known.body());
        } else {
            var answer = carryOut(path, body, form(body));
            byKey.put(key, answer);
            var method = form(body).get("payment_method");
            if (path.endsWith("payment_intents")
                    && ProcessorContract.TIMES_OUT.equals(numbers.get(method))) {
                // Done, and the answer is lost.
                exchange.close();
            } else {
                answer(exchange, answer.status(), answer.body());
            }
        }
    }

    /** The newest first, and what comes after the one that is named. */
    private static String page(Collection<Thing> all, String owner, Map<String, String> query) {
        var things = new ArrayList<>(all.stream().filter(it -> it.owner().equals(owner)).toList());
        Collections.reverse(things);
        var after = query.get("starting_after");
        var begin = things.stream().map(Thing::id).toList().indexOf(after) + 1;
        if (after != null && begin == 0) {
            throw new IllegalArgumentException("no such thing: " + after);
        }
        var end = Math.min(begin + Math.min(limit(query), PAGE_MAX), things.size());
        var items =
                things.subList(begin, end).stream()
                        .map(Thing::json)
                        .collect(Collectors.joining(","));
        return "{'object':'list','has_more':%s,'data':[%s]}".formatted(end < things.size(), items);
    }

    private static int limit(Map<String, String> query) {
        return Integer.parseInt(query.getOrDefault("limit", "10"));
    }

    private Answer carryOut(String path, String body, Map<String, String> form) {
        var id = path.replaceAll(".*/", "") + byKey.size();
        var metadata = "'metadata':{'kvit_id':'" + form.get("metadata[kvit_id]") + "'}";
        switch (path) {
            case "/v1/payment_methods":
                numbers.put("pm_" + id, form.get("card[number]"));
                return new Answer(body, 200, "{'id':'pm_" + id + "'}");
            case "/v1/customers":
                return new Answer(body, 200, "{'id':'cus_" + id + "'}");
            case "/v1/setup_intents":
                return new Answer(body, 200, "{'id':'seti_1','status':'succeeded'}");
            case "/v1/payment_intents":
                var amount = Long.parseLong(form.get("amount"));
                var decline = decline(numbers.get(form.get("payment_method")));
                var state =
                        decline == null
                                ? "'status':'succeeded'"
                                : "'status':'requires_payment_method','last_payment_error':"
                                        + "{'code':'card_declined','decline_code':'"
                                        + decline
                                        + "'}";
                var json =
                        "{'id':'pi_%s','object':'payment_intent','created':%d,%s,%s}"
                                .formatted(id, now.getEpochSecond(), state, metadata);
                intents.put("pi_" + id, new Thing("pi_" + id, form.get("customer"), amount, json));
                return decline == null
                        ? new Answer(body, 200, json)
                        : new Answer(body, 402, error("card_error", decline));
            case "/v1/refunds":
                var charge = form.get("payment_intent");
                var given =
                        refunds.values().stream()
                                .filter(it -> it.owner().equals(charge))
                                .mapToLong(Thing::amount)
                                .sum();
                var wanted = Long.parseLong(form.get("amount"));
                if (given + wanted > intents.get(charge).amount()) {
                    return new Answer(
                            body, 400, error("invalid_request_error", "charge_already_refunded"));
                }
                var refund =
                        "{'id':'re_%s','object':'refund','status':'succeeded','created':%d,%s}"
                                .formatted(id, now.getEpochSecond(), metadata);
                refunds.put("re_" + id, new Thing("re_" + id, charge, wanted, refund));
                return new Answer(body, 200, refund);
            default:
                return new Answer(body, 404, error("invalid_request_error", "resource_missing"));
        }
    }

    private static String decline(String number) {
        return switch (number) {
            case ProcessorContract.DECLINED -> "generic_decline";
            case ProcessorContract.INSUFFICIENT_FUNDS -> "insufficient_funds";
            default -> null;
        };
    }

    static String error(String type, String code) {
        return "{'error':{'type':'%s','code':'%s'}}".formatted(type, code);
    }

    static Map<String, String> form(String encoded) {
        var form = new HashMap<String, String>();
        for (var pair : encoded.split("&")) {
            var parts = pair.split("=", 2);
            form.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
        }
        return form;
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.replace('\'', '"').getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
