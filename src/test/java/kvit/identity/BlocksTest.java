package kvit.identity;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.friend.Circle;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.TestPerson;
import kvit.throttle.RateLimits;
import kvit.throttle.RateLimits.Limit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of two between whom a block stands neither finds the other, whatever they try. */
@KvitTest
class BlocksTest {

    private static final String NOBODYS_HANDLE = "nobody_here";

    @Inject RateLimits limits;
    @Inject IdentityConfig config;
    @Inject People people;

    TestPerson anna;
    TestPerson boris;
    String handle;

    /** Anna wants nothing to do with Boris. */
    @BeforeEach
    void twoPeople() {
        anna = TestPerson.with(10_00, "USD");
        boris = TestPerson.with(10_00, "USD");
        handle = "a" + UUID.randomUUID().toString().substring(0, 8);
        Circle.change(anna, Map.of("handle", handle));
        Circle.block(anna, boris.id()).statusCode(204);
    }

    @Test
    void whoPaysSomebodyThatBlockedThemGetsWhatTheyGetForNobody() {
        var named =
                Map.of(
                        "customerId", List.of(anna.id().toString(), UUID.randomUUID().toString()),
                        "handle", List.of(handle, NOBODYS_HANDLE),
                        "phone", List.of(anna.phone(), Phones.next()));
        named.forEach(
                (by, two) -> {
                    var blocked = pay(boris, Map.of(by, two.get(0)), "b" + by);
                    var nobody = pay(boris, Map.of(by, two.get(1)), "n" + by);
                    assertThat(blocked).as(by).isEqualTo(nobody);
                    if (by.equals("phone")) {
                        // As to a number of nobody's: it waits for whoever proves to have it.
                        assertThat(blocked).containsEntry("waitsFor", "claim");
                    } else {
                        assertThat(blocked).containsEntry("code", "payee-not-found");
                    }
                    assertThat(quote(boris, Map.of(by, two.get(0))))
                            .as(by)
                            .isEqualTo(quote(boris, Map.of(by, two.get(1))));
                });
        assertThat(boris.balance("USD")).isEqualTo(10_00);
    }

    /** And of what is kept of it nothing tells one from the other. */
    @Test
    void theRecordOfARefusedPaymentNamesNobody() {
        var refused =
                boris.send(anna, 1, "USD", "k")
                        .statusCode(422)
                        .extract()
                        .<String>path("transferId");

        boris.get("/v1/transfers/" + refused)
                .statusCode(200)
                .body("payee", equalTo(null))
                .body("visibility", equalTo("private"));
        boris.send(anna, 1, "USD", "k").statusCode(422).body("transferId", equalTo(refused));
        Circle.unblock(anna, boris.id());
        boris.send(anna, 1, "USD", "k").statusCode(422).body("transferId", equalTo(refused));
        boris.send(anna, 1, "USD", "k2").statusCode(201);
    }

    @Test
    void whoHasBlockedSomebodyDoesNotPayThemEither() {
        assertThat(pay(anna, Map.of("phone", boris.phone()), "k"))
                .isEqualTo(pay(anna, Map.of("phone", Phones.next()), "n"));
        anna.request()
                .queryParam("phone", boris.phone())
                .get("/v1/people")
                .then()
                .statusCode(404)
                .body("code", equalTo("person-not-found"));
    }

    @Test
    void aPaymentToSomebodyThatBlockedThemCountsAsALookUpLikeOneToNobody() {
        var all = config.lookUpsPerMinute();
        limits.take("look-up:" + boris.id(), all - 1, new Limit(all, Duration.ofMinutes(1)));

        pay(boris, Map.of("handle", handle), "k");
        boris.get("/v1/people?handle=" + NOBODYS_HANDLE).statusCode(429);
    }

    @Test
    void aReplayIsTheFirstAnswerWhoeverHasBlockedWhomMeanwhile() {
        Circle.unblock(anna, boris.id());
        var first = boris.send(anna, 1_00, "USD", "k").statusCode(201).extract().asString();
        Circle.block(anna, boris.id());

        var again = boris.send(anna, 1_00, "USD", "k").statusCode(201).extract().asString();
        assertThat(again).isEqualTo(first);
        assertThat(anna.balance("USD")).isEqualTo(11_00);
        anna.refund(id(first), 40, "USD", "back").statusCode(201);
        assertThat(boris.balance("USD")).isEqualTo(9_40);
    }

    @Test
    void nobodyIsFoundOrAskedForMoney() {
        for (var path : List.of("/v1/people?handle=", "/v1/people?handle=@")) {
            var blocked = boris.get(path + handle).statusCode(404).extract().jsonPath().getMap("");
            var nobody =
                    boris.get(path + NOBODYS_HANDLE)
                            .statusCode(404)
                            .extract()
                            .jsonPath()
                            .getMap("");
            assertThat(shown(blocked)).isEqualTo(shown(nobody));
        }
        for (var asking : List.of(List.of(boris, anna), List.of(anna, boris))) {
            var carl = TestPerson.fresh();
            var payers =
                    List.of(
                            Map.of("customerId", carl.id()),
                            Map.of("customerId", asking.get(1).id()));
            asking.get(0)
                    .post("/v1/requests", "k", Map.of("amount", money(2, "USD"), "payers", payers))
                    .statusCode(404)
                    .body("code", equalTo("person-not-found"))
                    .body("errors.pointer", equalTo(List.of("/payers/1")));
        }
    }

    /** A list of many is looked at once, and each in it sees with their own eyes. */
    @Test
    void eachOfManySeesWhomTheyMay() {
        var carl = TestPerson.fresh();
        var refs =
                List.of(
                        PersonRef.of(anna.id()),
                        PersonRef.of(boris.id()),
                        PersonRef.of(carl.id()),
                        new PersonRef(null, handle, null),
                        new PersonRef(null, null, boris.phone()));
        var sight = people.sight(refs);

        var seen = new HashMap<TestPerson, List<Boolean>>();
        for (var viewer : List.of(anna, boris, carl)) {
            seen.put(
                    viewer,
                    refs.stream().map(it -> sight.seenBy(viewer.id(), it) != null).toList());
        }
        assertThat(seen)
                .containsEntry(anna, List.of(true, false, true, true, false))
                .containsEntry(boris, List.of(false, true, true, false, true))
                .containsEntry(carl, List.of(true, true, true, true, true));
    }

    private static Map<String, Object> pay(
            TestPerson payer, Map<String, String> payee, String key) {
        var answer =
                payer.post("/v1/transfers", key, Map.of("payee", payee, "amount", money(1, "USD")))
                        .statusCode(anyOf(is(201), is(422)))
                        .extract();
        var shown = shown(answer.jsonPath().getMap(""));
        shown.put("status", answer.statusCode());
        return shown;
    }

    private static Map<String, Object> quote(TestPerson payer, Map<String, String> payee) {
        var quote =
                payer.request()
                        .contentType(ContentType.JSON)
                        .body(Map.of("payee", payee, "amount", money(1, "USD")))
                        .post("/v1/quotes")
                        .then()
                        .statusCode(200)
                        .extract()
                        .jsonPath()
                        .<String, Object>getMap("");
        var shown = new HashMap<>(quote);
        shown.computeIfPresent("problem", (name, problem) -> shown((Map<?, ?>) problem));
        return shown;
    }

    /** Without what is another one each time. */
    private static Map<String, Object> shown(Map<?, ?> body) {
        var shown = new HashMap<String, Object>();
        body.forEach((name, value) -> shown.put((String) name, value));
        shown.keySet()
                .removeAll(
                        List.of(
                                "requestId",
                                "transferId",
                                "id",
                                "createdAt",
                                "expiresAt",
                                "payeePhone"));
        return shown;
    }

    private static String id(String transfer) {
        return JsonPath.from(transfer).getString("id");
    }
}
