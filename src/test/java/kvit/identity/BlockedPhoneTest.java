package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.path.json.JsonPath;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.RawHttp;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

/** Nobody learns from an answer, or from its time, whether a phone is known here or blocked. */
@KvitTest
class BlockedPhoneTest {

    private enum Kind {
        UNKNOWN,
        KNOWN,
        BLOCKED
    }

    /** Sends that a phone still has after its owner has signed in once. */
    private static final int SENDS = 4;

    private static final int PHONES = 25;

    /** Milliseconds, O-07. */
    private static final double NEAR = 5;

    /** What was seen from the outside of the tries with one kind of phone. */
    private static final class Seen {
        private final List<Double> millis = new ArrayList<>();
        private final Set<Object> shapes = new HashSet<>();

        HttpResponse<String> call(String path, String body) throws Exception {
            var start = System.nanoTime();
            var answer = RawHttp.post(path, body);
            millis.add((System.nanoTime() - start) / 1e6);
            shapes.add(shape(answer));
            return answer;
        }

        double median() {
            Collections.sort(millis);
            return millis.get(millis.size() / 2);
        }
    }

    @Test
    void unknownKnownAndBlockedPhonesLookTheSame() throws Exception {
        var phones = phones();
        var starts = seen();
        var signIns = new ArrayList<Map.Entry<Kind, String>>();
        for (var i = 0; i < SENDS * PHONES; i++) {
            for (var kind : Kind.values()) {
                var phone = phones.get(kind).get(i % PHONES);
                var answer =
                        starts.get(kind).call("/v1/sign-ins", "{\"phone\": \"" + phone + "\"}");
                signIns.add(Map.entry(kind, JsonPath.from(answer.body()).getString("id")));
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(BlockedPhoneTest::everyCodeWasSent);
        var guesses = seen();
        for (var signIn : signIns) {
            guesses.get(signIn.getKey())
                    .call(
                            "/v1/sign-ins/" + signIn.getValue() + "/confirmation",
                            "{\"code\": \"000000\"}");
        }

        assertAlike(starts);
        assertAlike(guesses);
    }

    @Test
    void aBlockedPersonIsNotLetInByTheRightCode() {
        var person = TestPerson.fresh();
        block(person);
        var id =
                TestPerson.startSignIn(person.phone()).statusCode(202).extract().<String>path("id");

        TestPerson.confirm(id, TestPerson.codeOf(person.phone()))
                .statusCode(422)
                .body("code", equalTo("code-wrong"));
    }

    @Test
    void aBlockedPersonsTokensAreRefused() {
        var person = TestPerson.fresh();
        person.get("/v1/me").statusCode(200);

        block(person);

        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> person.get("/v1/me").extract().statusCode() == 401);
        person.get("/v1/me").body("code", equalTo("session-revoked"));
        assertThat(refresh(person)).isEqualTo(401);
    }

    @Test
    void aFrozenPersonStillLooks() {
        var person = TestPerson.fresh();
        Sql.run("update customer set state = 'FROZEN' where id = ?", person.id());

        assertThat(refresh(person)).isEqualTo(200);
        TestPerson.signIn(person.phone()).get("/v1/me").statusCode(200);
    }

    private static Map<Kind, List<String>> phones() {
        var phones = new EnumMap<Kind, List<String>>(Kind.class);
        for (var kind : Kind.values()) {
            phones.put(kind, new ArrayList<>());
            for (var i = 0; i < PHONES; i++) {
                phones.get(kind).add(phone(kind));
            }
        }
        return phones;
    }

    private static String phone(Kind kind) {
        if (kind == Kind.UNKNOWN) {
            return Phones.next();
        }
        var person = TestPerson.fresh();
        if (kind == Kind.BLOCKED) {
            block(person);
        }
        return person.phone();
    }

    private static Map<Kind, Seen> seen() {
        var seen = new EnumMap<Kind, Seen>(Kind.class);
        for (var kind : Kind.values()) {
            seen.put(kind, new Seen());
        }
        return seen;
    }

    private static void assertAlike(Map<Kind, Seen> seen) {
        var unknown = seen.get(Kind.UNKNOWN);
        assertThat(unknown.shapes).hasSize(1);
        for (var kind : Kind.values()) {
            assertThat(seen.get(kind).shapes).as(kind.name()).isEqualTo(unknown.shapes);
            assertThat(seen.get(kind).median())
                    .as(kind.name())
                    .isCloseTo(unknown.median(), within(NEAR));
        }
    }

    /** All of an answer but what is different in any two of them. */
    private static Object shape(HttpResponse<String> answer) {
        var body = JsonPath.from(answer.body()).<String, Object>getMap("");
        body.replaceAll(
                (name, value) ->
                        Set.of("id", "sentTo", "expiresAt", "resendAt", "requestId").contains(name)
                                ? ""
                                : value);
        var headers = new TreeMap<String, Object>(answer.headers().map());
        headers.replace("request-id", "");
        headers.replace("content-length", "");
        return List.of(answer.statusCode(), body, headers);
    }

    private static boolean everyCodeWasSent() {
        return Sql.<Long>value("select count(*) from sign_in where code_due and code_mac is null")
                == 0;
    }

    private static void block(TestPerson person) {
        Sql.run("update customer set state = 'BLOCKED' where id = ?", person.id());
    }

    private static int refresh(TestPerson person) {
        try {
            return RawHttp.post(
                            "/v1/sessions/refresh",
                            "{\"refreshToken\": \"" + person.refreshToken() + "\"}")
                    .statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
