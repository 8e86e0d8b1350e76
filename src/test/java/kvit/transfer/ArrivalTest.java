package kvit.transfer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.http.ContentType;
import java.util.List;
import java.util.Map;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Money that has arrived is told by text message to whoever nothing else reaches. */
@KvitTest
class ArrivalTest {

    TestPerson anna;
    TestPerson ben;

    @BeforeEach
    void named() {
        anna = TestPerson.with(1_000_00, "USD");
        ben = TestPerson.fresh();
        anna.request()
                .contentType(ContentType.JSON)
                .body(Map.of("displayName", "Anna Ö."))
                .patch("/v1/me")
                .then()
                .statusCode(200);
    }

    @Test
    void whoeverIsSignedOutIsToldByMessageInTheirLanguage() {
        ben.request()
                .contentType(ContentType.JSON)
                .body(Map.of("locale", "fr-CA"))
                .patch("/v1/me")
                .then()
                .statusCode(200);
        ben.request().delete("/v1/sessions/current").then().statusCode(204);

        anna.send(ben, 12_50, "USD", "k").statusCode(201);

        await().until(() -> arrivals(ben).size() == 1);
        assertThat(arrivals(ben).get(0))
                .startsWith("Kvit : vous avez reçu ")
                .contains("12.50", "\"Anna Ö.\"");
        assertThat(arrivals(anna)).isEmpty();
    }

    /** A device that nobody has used for a month reaches nobody. */
    @Test
    void whoeverHasNotBeenThereForLongIsToldByMessage() {
        Sql.run(
                "update session set last_used_at = last_used_at - interval '31 days' where customer"
                        + " = ?",
                ben.id());

        anna.send(ben, 1, "USD", "k").statusCode(201);

        await().until(() -> arrivals(ben).size() == 1);
    }

    @Test
    void whoeverIsSignedInIsNot() {
        anna.send(ben, 1, "USD", "k").statusCode(201);
        // Once somebody is told who was paid later, Ben would have been told, too.
        var carol = TestPerson.fresh();
        carol.request().delete("/v1/sessions/current").then().statusCode(204);
        anna.send(carol, 1, "USD", "k2").statusCode(201);

        await().until(() -> arrivals(carol).size() == 1);
        assertThat(arrivals(ben)).isEmpty();
    }

    @Test
    void nobodyGetsMoreThanAFewOfThemInADay() {
        ben.request().delete("/v1/sessions/current").then().statusCode(204);
        for (var i = 0; i < 8; i++) {
            anna.send(ben, 1, "USD", "k" + i).statusCode(201);
        }

        await().until(() -> isDelivered(ben));
        assertThat(arrivals(ben)).hasSizeBetween(1, 5);
    }

    /** Of all eight: those that came together are one event. */
    private static boolean isDelivered(TestPerson payee) {
        return Sql.<Long>value(
                                """
                                select coalesce(sum(1 + (payload::json ->> 'more')::int), 0)
                                  from outbox
                                 where key = ? and topic = 'MoneyArrived'
                                   and delivered_at is not null
                                """,
                                payee.id())
                        .longValue()
                == 8;
    }

    private static List<String> arrivals(TestPerson of) {
        return given()
                .queryParam("phone", of.phone())
                .get("/v1/sandbox/messages")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.text", String.class)
                .stream()
                .filter(it -> it.contains("received") || it.contains("reçu "))
                .toList();
    }
}
