package kvit.support;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import java.time.Duration;
import java.util.Map;

/** Lets time pass for the whole service. Access tokens of before grow old with it. */
public final class TestClock {

    private TestClock() {}

    public static void advance(Duration by) {
        given().contentType(ContentType.JSON)
                .body(Map.of("advance", by.toString()))
                .post("/v1/sandbox/clock")
                .then()
                .statusCode(200);
    }
}
