package kvit.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.micrometer.core.instrument.MeterRegistry;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import kvit.support.Gate;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.TestPerson;
import kvit.throttle.RateLimits;
import kvit.throttle.RateLimits.Limit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody finds out by the thousand who is a customer, whatever they ask. */
@KvitTest
class LookUpsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Inject RateLimits limits;
    @Inject IdentityConfig config;
    @Inject LookUps lookUps;
    @Inject MeterRegistry metrics;

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.with(10_00, "USD");
        boris = TestPerson.fresh();
    }

    @Test
    void guessingPayeesUsesUpWhatAskingForPeopleUsesUp() {
        leave(2);
        pay(Map.of("phone", Phones.next())).statusCode(201).body("state", equalTo("pending"));
        pay(Map.of("handle", "nobody_here")).statusCode(422);

        anna.get("/v1/people?handle=nobody_here")
                .statusCode(429)
                .body("code", equalTo("too-many-requests"));
    }

    @Test
    void whoHasGuessedTooOftenNamesNobodyByPhoneOrHandle() {
        leave(0);
        pay(Map.of("phone", Phones.next())).statusCode(201).body("state", equalTo("pending"));

        for (var payee : Map.of("phone", boris.phone(), "handle", "nobody_here").entrySet()) {
            pay(Map.of(payee.getKey(), payee.getValue()))
                    .statusCode(429)
                    .header("Retry-After", notNullValue())
                    .body("code", equalTo("too-many-requests"));
        }
        pay(Map.of("customerId", boris.id())).statusCode(201);
    }

    @Test
    void aReplayIsTheFirstAnswerWhoeverHasGuessedMeanwhile() {
        leave(0);
        var sent = pay(Map.of("phone", boris.phone()), 1, "sent").statusCode(201).extract();
        pay(Map.of("phone", Phones.next()), 1, "guessed").statusCode(201);

        var replay = pay(Map.of("phone", boris.phone()), 1, "sent").statusCode(201).extract();
        assertThat(replay.asString()).isEqualTo(sent.asString());
        pay(Map.of("phone", boris.phone()), 2, "sent")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        pay(Map.of("phone", boris.phone()), 1, "fresh").statusCode(429);
    }

    /** Or whoever never listens to an answer could guess for ever. */
    @Test
    void aGuessCountsAlthoughWhoeverAskedHasHungUp() throws Exception {
        leave(2);
        try (var gate = Gate.shut()) {
            var payer = TestPerson.with(1, "USD");
            var first =
                    CompletableFuture.supplyAsync(
                            () -> Http.post(payer, "/v1/transfers", "k", gated(gate.note())));
            gate.awaitArrival();
            var lines = new ArrayList<Socket>();
            for (var guess = 0; guess < 3; guess++) {
                lines.add(guess());
            }
            await().atMost(SOON).until(() -> waiting() == lines.size());
            var open = connections();
            for (var line : lines) {
                line.setSoLinger(true, 0);
                line.close();
            }
            await().atMost(SOON).until(() -> connections() <= open - lines.size());
            gate.open();
            assertThat(first.get(20, SECONDS).statusCode()).isEqualTo(201);
        }

        await().atMost(SOON).until(() -> lookUps.blockedFor(anna.id()).isPresent());
        pay(Map.of("phone", boris.phone())).statusCode(429);
    }

    private String gated(String note) {
        return ("{\"payee\":{\"customerId\":\"%s\"},\"note\":\"%s\","
                        + "\"amount\":{\"minor\":1,\"currency\":\"USD\"}}")
                .formatted(boris.id(), note);
    }

    /** Asks whether a phone that is nobody's is somebody's, and does not wait for the answer. */
    private Socket guess() throws IOException {
        var body =
                "{\"payee\":{\"phone\":\"%s\"},\"amount\":{\"minor\":1,\"currency\":\"USD\"}}"
                        .formatted(Phones.next());
        var line = new Socket("localhost", RestAssured.port);
        line.getOutputStream()
                .write(
                        """
                        POST /v1/transfers HTTP/1.1
                        Host: localhost
                        Authorization: Bearer %s
                        Idempotency-Key: %s
                        Content-Type: application/json
                        Content-Length: %d

                        %s\
                        """
                                .formatted(
                                        anna.accessToken(), UUID.randomUUID(), body.length(), body)
                                .replace("\n", "\r\n")
                                .getBytes(US_ASCII));
        return line;
    }

    private int waiting() {
        return (int) metrics.get("kvit.transfers.waiting").gauge().value();
    }

    /** Of clients to the service, as it knows itself. */
    private int connections() {
        return metrics.get("http.server.connections").longTaskTimer().activeTasks();
    }

    @Test
    void askingWithAnEmptyWalletIsALookUpToo() {
        leave(1);
        pay(Map.of("phone", boris.phone()), 1_000_00, "k")
                .statusCode(422)
                .body("code", equalTo("insufficient-funds"));
        anna.get("/v1/people?phone=" + boris.phone().replace("+", "%2B")).statusCode(429);
    }

    /** It costs nothing to ask, so each question counts, whatever the answer. */
    @Test
    void aQuoteIsALookUp() {
        leave(1);
        quote(Map.of("phone", boris.phone())).statusCode(200);
        quote(Map.of("handle", "nobody_here")).statusCode(429);
        quote(Map.of("customerId", boris.id())).statusCode(200);
    }

    private ValidatableResponse quote(Map<String, Object> payee) {
        return anna.request()
                .contentType("application/json")
                .body(Map.of("payee", payee, "amount", Map.of("minor", 1, "currency", "USD")))
                .post("/v1/quotes")
                .then();
    }

    @Test
    void whoPaysRealPeopleUsesUpNothing() {
        leave(1);
        for (var i = 0; i < 3; i++) {
            pay(Map.of("phone", boris.phone())).statusCode(201);
        }
        anna.get("/v1/people?handle=nobody_here").statusCode(404);
    }

    private void leave(int lookUps) {
        var all = config.lookUpsPerMinute();
        assertThat(
                        limits.take(
                                "look-up:" + anna.id(),
                                all - lookUps,
                                new Limit(all, Duration.ofMinutes(1))))
                .isEmpty();
    }

    private ValidatableResponse pay(Map<String, Object> payee) {
        return pay(payee, 1, UUID.randomUUID().toString());
    }

    private ValidatableResponse pay(Map<String, Object> payee, long minor, String key) {
        return anna.post(
                "/v1/transfers", key, Map.of("payee", payee, "amount", money(minor, "USD")));
    }
}
