package kvit.identity;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import kvit.identity.RateLimits.Limit;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody finds out by the thousand who is a customer, whatever they ask. */
@KvitTest
class LookUpsTest {

    @Inject RateLimits limits;
    @Inject IdentityConfig config;

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
        pay(Map.of("phone", Phones.next())).statusCode(422);
        pay(Map.of("handle", "nobody_here")).statusCode(422);

        anna.get("/v1/people?handle=nobody_here")
                .statusCode(429)
                .body("code", equalTo("too-many-requests"));
    }

    @Test
    void whoHasGuessedTooOftenNamesNobodyByPhoneOrHandle() {
        leave(0);
        pay(Map.of("phone", Phones.next()))
                .statusCode(422)
                .body("code", equalTo("payee-not-found"));

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
        pay(Map.of("phone", Phones.next()), 1, "guessed").statusCode(422);

        var replay = pay(Map.of("phone", boris.phone()), 1, "sent").statusCode(201).extract();
        assertThat(replay.asString()).isEqualTo(sent.asString());
        pay(Map.of("phone", boris.phone()), 2, "sent")
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        pay(Map.of("phone", boris.phone()), 1, "fresh").statusCode(429);
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
