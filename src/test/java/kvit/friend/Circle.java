package kvit.friend;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.support.TestPerson;

/** What people do with and to each other, over HTTP. */
public final class Circle {

    private Circle() {}

    public static void befriend(TestPerson one, TestPerson other) {
        ask(one, other.id()).statusCode(200);
        ask(other, one.id()).statusCode(200);
    }

    public static ValidatableResponse ask(TestPerson person, UUID other) {
        return person.request().put("/v1/friends/{id}", other).then();
    }

    public static ValidatableResponse end(TestPerson person, UUID other) {
        return person.request().delete("/v1/friends/{id}", other).then();
    }

    public static ValidatableResponse block(TestPerson person, UUID other) {
        return person.request().put("/v1/blocks/{id}", other).then();
    }

    public static ValidatableResponse unblock(TestPerson person, UUID other) {
        return person.request().delete("/v1/blocks/{id}", other).then();
    }

    /** The ids in one of a person's lists. */
    public static List<String> list(TestPerson person, String state) {
        return person.get("/v1/friends?limit=100&state=" + state)
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.person.id");
    }

    public static void change(TestPerson person, Map<String, Object> profile) {
        person.request()
                .contentType(ContentType.JSON)
                .body(profile)
                .patch("/v1/me")
                .then()
                .statusCode(200);
    }
}
