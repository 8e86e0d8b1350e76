package kvit.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Race;
import kvit.support.RawHttp;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a session: refreshing, devices, and its end. */
@KvitTest
class SessionTest {

    /** S-07. */
    private static final Duration SOON = Duration.ofSeconds(1);

    @Inject Sessions sessions;
    @Inject Customers customers;

    @Test
    void refreshingGivesANewPairForTheSamePerson() {
        var person = TestPerson.fresh();

        var fresh = refresh(person.refreshToken()).statusCode(200).extract().jsonPath();

        assertThat(fresh.getString("refreshToken")).isNotEqualTo(person.refreshToken());
        assertThat(fresh.getString("customer.id")).isEqualTo(person.id().toString());
        assertThat(fresh.getString("tokenType")).isEqualTo("Bearer");
        me(fresh.getString("accessToken")).statusCode(200);
        refresh(fresh.getString("refreshToken")).statusCode(200);
    }

    @Test
    void aRetryWithinTheGraceGetsTheVerySameRefreshToken() {
        var person = TestPerson.fresh();

        var first = refreshed(person.refreshToken());
        var retry = refreshed(person.refreshToken());

        assertThat(retry).isEqualTo(first);
        refresh(retry).statusCode(200);
    }

    @Test
    void reuseAfterTheGraceEndsTheWholeFamily() {
        var person = TestPerson.fresh();
        var fresh = refresh(person.refreshToken()).statusCode(200).extract().jsonPath();
        me(fresh.getString("accessToken")).statusCode(200);
        TestClock.advance(Duration.ofSeconds(11));

        refresh(person.refreshToken()).statusCode(401).body("code", equalTo("session-revoked"));

        refresh(fresh.getString("refreshToken")).statusCode(401);
        refresh(person.refreshToken()).statusCode(401);
        endsSoon(fresh.getString("accessToken"));
        endsSoon(person.accessToken());
    }

    @Test
    void reuseOfATokenWhoseSuccessorWasUsedEndsTheFamilyAlsoWithinTheGrace() {
        var person = TestPerson.fresh();
        var second = refreshed(person.refreshToken());
        var third = refreshed(second);

        refresh(person.refreshToken()).statusCode(401);

        refresh(third).statusCode(401);
    }

    @Test
    void reuseEndsOneSessionAndNotThePersonsOthers() {
        var phone = Phones.next();
        var one = TestPerson.signIn(phone);
        var other = TestPerson.signIn(phone);
        refreshed(one.refreshToken());
        TestClock.advance(Duration.ofSeconds(11));
        refresh(one.refreshToken()).statusCode(401);

        refresh(other.refreshToken()).statusCode(200);
    }

    @Test
    void refreshingInParallelGivesOneToken() throws Exception {
        var person = TestPerson.fresh();
        var body = "{\"refreshToken\": \"" + person.refreshToken() + "\"}";

        var tokens =
                Race.run(
                        16,
                        16,
                        () ->
                                JsonPath.from(RawHttp.post("/v1/sessions/refresh", body).body())
                                        .getString("refreshToken"));

        assertThat(tokens).doesNotContainNull();
        assertThat(tokens.stream().distinct()).hasSize(1);
        refresh(tokens.get(0)).statusCode(200);
    }

    /** A record of one text must not be read out of what is no JSON. */
    @Test
    void plainTextIsNoBody() {
        given().contentType("text/plain")
                .body("anything")
                .post("/v1/sessions/refresh")
                .then()
                .statusCode(415)
                .body("code", equalTo("media-type-not-supported"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\u0001", "ключ"})
    void whatIsNoRefreshTokenIsRefused(String token) {
        refresh(token)
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .body("code", equalTo("session-revoked"));
    }

    @Test
    void anAccessTokenIsNoRefreshToken() {
        given().contentType(ContentType.JSON)
                .body(Map.of("refreshToken", TestPerson.fresh().accessToken()))
                .post("/v1/sessions/refresh")
                .then()
                .statusCode(400);
    }

    @Test
    void aRefreshTokenExpires() {
        var person = TestPerson.fresh();
        TestClock.advance(Duration.ofDays(30));

        refresh(person.refreshToken()).statusCode(401).body("code", equalTo("session-revoked"));
    }

    @Test
    void anAccessTokenExpires() {
        var person = TestPerson.fresh();
        me(person.accessToken()).statusCode(200);
        TestClock.advance(Duration.ofMinutes(10));

        me(person.accessToken()).statusCode(401);
    }

    @Test
    void signingOutEndsTheRefreshTokenAtOnceAndTheAccessTokenSoon() {
        var person = TestPerson.fresh();
        me(person.accessToken()).statusCode(200);

        person.request().delete("/v1/sessions/current").then().statusCode(204);

        refresh(person.refreshToken()).statusCode(401).body("code", equalTo("session-revoked"));
        endsSoon(person.accessToken());
        me(person.accessToken())
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .body("code", equalTo("session-revoked"));
    }

    @Test
    void aSessionEndedByAnotherReplicaIsRefusedSoon() {
        var person = TestPerson.fresh();
        me(person.accessToken()).statusCode(200);

        // As another replica does it: nobody tells this one.
        Sql.run("update session set revoked_at = created_at where customer = ?", person.id());

        endsSoon(person.accessToken());
    }

    @Test
    void theListShowsTheDevicesTheNewestFirst() {
        var phone = Phones.next();
        var old = signIn(phone, "Kvit/1.0 (old)");
        var fresh = signIn(phone, "Kvit/2.0 (new)");

        var list = sessions(old).statusCode(200).extract().jsonPath();

        assertThat(list.<String>getList("items.device"))
                .containsExactly("Kvit/2.0 (new)", "Kvit/1.0 (old)");
        assertThat(list.<Boolean>getList("items.current")).containsExactly(false, true);
        assertThat(list.getMap("")).containsKey("nextCursor");
        assertThat(list.<Map<String, Object>>getList("items").get(0))
                .containsOnlyKeys("id", "device", "createdAt", "lastUsedAt", "current");
        sessions(fresh).body("items.current", equalTo(List.of(true, false)));
    }

    @Test
    void anotherDeviceIsSignedOutByItsId() {
        var phone = Phones.next();
        var one = TestPerson.signIn(phone);
        var other = TestPerson.signIn(phone);
        var id =
                sessions(one.accessToken()).extract().<String>path("items.find { !it.current }.id");

        one.request().delete("/v1/sessions/{id}", id).then().statusCode(204);

        refresh(other.refreshToken()).statusCode(401);
        endsSoon(other.accessToken());
        me(one.accessToken()).statusCode(200);
        one.request()
                .delete("/v1/sessions/{id}", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("session-not-found"));
    }

    @Test
    void somebodyElsesSessionIsNotFoundAndLivesOn() {
        var person = TestPerson.fresh();
        var stranger = TestPerson.fresh();
        var id = sessions(person.accessToken()).extract().<String>path("items[0].id");

        stranger.request()
                .delete("/v1/sessions/{id}", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("session-not-found"));

        refresh(person.refreshToken()).statusCode(200);
        stranger.request()
                .delete("/v1/sessions/{id}", UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("code", equalTo("session-not-found"));
    }

    @Test
    void theTwentyFirstDeviceEndsTheOldest() {
        var person = TestPerson.fresh();
        open(person, 19);
        assertThat(living(person)).isEqualTo(20);
        refresh(person.refreshToken()).statusCode(200);

        open(person, 1);

        assertThat(living(person)).isEqualTo(20);
        endsSoon(person.accessToken());
    }

    @Test
    void aDeviceNameOfAnyLengthIsKeptInPart() {
        var token = signIn(Phones.next(), "x".repeat(1_000));

        assertThat(sessions(token).extract().<String>path("items[0].device"))
                .isEqualTo("x".repeat(200));
    }

    /**
     * A phone gets five codes in ten minutes, so more devices come in by the use case's own door.
     */
    private void open(TestPerson person, int times) {
        for (var i = 0; i < times; i++) {
            QuarkusTransaction.requiringNew()
                    .run(
                            () ->
                                    sessions.open(
                                            customers.findById(person.id()),
                                            ClientApps.WEB,
                                            "device"));
        }
    }

    private static long living(TestPerson person) {
        return Sql.value(
                "select count(*) from session where customer = ? and revoked_at is null",
                person.id());
    }

    private static String signIn(String phone, String device) {
        var id = TestPerson.startSignIn(phone).statusCode(202).extract().<String>path("id");
        return given().contentType(ContentType.JSON)
                .header("User-Agent", device)
                .body(Map.of("code", TestPerson.codeOf(phone)))
                .post("/v1/sign-ins/{id}/confirmation", id)
                .then()
                .statusCode(200)
                .extract()
                .path("accessToken");
    }

    private static String refreshed(String token) {
        return refresh(token).statusCode(200).extract().path("refreshToken");
    }

    private static ValidatableResponse refresh(String token) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("refreshToken", token))
                .post("/v1/sessions/refresh")
                .then();
    }

    private static ValidatableResponse me(String accessToken) {
        return given().header("Authorization", "Bearer " + accessToken).get("/v1/me").then();
    }

    private static ValidatableResponse sessions(String accessToken) {
        return given().header("Authorization", "Bearer " + accessToken).get("/v1/sessions").then();
    }

    private static void endsSoon(String accessToken) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> me(accessToken).extract().statusCode() == 401);
    }
}
