package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.RawHttp;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What customers see and change of themselves. */
@KvitTest
class ProfileTest {

    TestPerson anna;

    @BeforeEach
    void somebody() {
        anna = TestPerson.fresh();
    }

    @Test
    void aNewCustomerHasAPhoneACountryAndTheStrictestVisibility() {
        var me = anna.get("/v1/me").statusCode(200).extract().jsonPath();

        assertThat(me.getMap(""))
                .containsOnlyKeys(
                        "id",
                        "phone",
                        "displayName",
                        "handle",
                        "country",
                        "birthDate",
                        "locale",
                        "visibility",
                        "findable",
                        "tier",
                        "createdAt",
                        "pinSet")
                .containsEntry("pinSet", false)
                .containsEntry("id", anna.id().toString())
                .containsEntry("phone", "+1•••••••" + anna.phone().substring(8))
                .containsEntry("displayName", null)
                .containsEntry("handle", null)
                .containsEntry("country", "US")
                .containsEntry("locale", "en")
                .containsEntry("visibility", "private")
                .containsEntry("tier", "phone");
    }

    @Test
    void eachFieldIsChangedByItselfAndTheOthersStay() {
        var handle = freshHandle();
        patch("{\"displayName\": \"Anna\"}").statusCode(200);
        patch("{\"handle\": \"" + handle + "\"}").statusCode(200);
        patch("{\"country\": \"FR\"}").statusCode(200);
        patch("{\"birthDate\": \"1990-02-28\"}").statusCode(200);
        patch("{\"locale\": \"fr-CH\"}").statusCode(200);
        patch("{\"visibility\": \"friends\"}")
                .statusCode(200)
                .body("displayName", equalTo("Anna"))
                .body("visibility", equalTo("friends"));

        anna.get("/v1/me")
                .body("displayName", equalTo("Anna"))
                .body("handle", equalTo(handle))
                .body("country", equalTo("FR"))
                .body("birthDate", equalTo("1990-02-28"))
                .body("locale", equalTo("fr-CH"))
                .body("visibility", equalTo("friends"))
                .body("phone", equalTo("+1•••••••" + anna.phone().substring(8)));
    }

    @Test
    void anEmptyChangeChangesNothing() {
        var before = anna.get("/v1/me").extract().asString();

        patch("{}").statusCode(200);
        patch("{\"displayName\": null, \"handle\": null}").statusCode(200);

        assertThat(anna.get("/v1/me").extract().asString()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id | '\"0193a3f0-0000-7000-8000-000000000000\"'",
                "phone | '\"+12025559999\"'",
                "state | '\"ACTIVE\"'",
                "balance | '{\"minor\": 1, \"currency\": \"USD\"}'",
                "role | '\"admin\"'",
                "groups | '[\"admin\"]'",
                "createdAt | '\"2020-01-01T00:00:00Z\"'",
                "isNew | true",
                "pinSet | true",
                "pin | '\"738201\"'",
                "nonsense | 1",
                "DisplayName | '\"Anna\"'",
                "class | '\"x\"'"
            })
    void aFieldThatIsNotTheirsToChangeIsRefusedAndNothingChanges(String field, String value) {
        var before = anna.get("/v1/me").extract().asString();

        patch("{\"displayName\": \"Changed\", \"" + field + "\": " + value + "}")
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body("errors[0].pointer", equalTo("/" + field));

        assertThat(anna.get("/v1/me").extract().asString()).isEqualTo(before);
    }

    @Test
    void aHandleIsKeptInLowerCaseAndWithoutItsSign() {
        var handle = freshHandle();

        patch("{\"handle\": \"@" + handle.toUpperCase(Locale.ROOT) + "\"}")
                .statusCode(200)
                .body("handle", equalTo(handle));
    }

    @Test
    void aHandleHasOneOwnerInWhateverCase() {
        var handle = freshHandle();
        var boris = TestPerson.fresh();
        patch(boris, "{\"handle\": \"" + handle + "\"}").statusCode(200);

        for (var same : List.of(handle, handle.toUpperCase(Locale.ROOT), "@" + handle)) {
            patch("{\"handle\": \"" + same + "\", \"displayName\": \"Anna\"}")
                    .statusCode(422)
                    .body("code", equalTo("handle-taken"));
        }

        anna.get("/v1/me").body("handle", nullValue()).body("displayName", nullValue());
        patch(boris, "{\"handle\": \"" + handle + "\"}").statusCode(200);
    }

    @Test
    void aHandleThatWasGivenUpIsFree() {
        var handle = freshHandle();
        patch("{\"handle\": \"" + handle + "\"}").statusCode(200);
        patch("{\"handle\": \"" + freshHandle() + "\"}").statusCode(200);

        patch(TestPerson.fresh(), "{\"handle\": \"" + handle + "\"}").statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "Support", "@kvit", "HELP", "root", "moderator"})
    void aHandleThatWouldPassForOursIsTaken(String handle) {
        patch("{\"handle\": \"" + handle + "\"}")
                .statusCode(422)
                .body("code", equalTo("handle-taken"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "ab",
                "@ab",
                "1anna",
                "_anna",
                "anna b",
                "anna-b",
                "annа",
                "@@anna",
                "abcdefghijklmnopqrstu",
                "anna\\n",
                "<script>"
            })
    void whatIsNoHandleIsRefused(String handle) {
        patch("{\"handle\": \"" + handle + "\"}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/handle"));
    }

    @Test
    void ofTwoWhoWantOneHandleAtTheSameMomentOneGetsIt() throws Exception {
        for (var round = 0; round < 5; round++) {
            var handle = freshHandle();
            var tries = new ArrayList<Callable<String>>();
            for (var i = 0; i < 4; i++) {
                var person = TestPerson.fresh();
                tries.add(() -> outcomeOf(person, "{\"handle\": \"" + handle + "\"}"));
            }

            assertThat(Race.run(4, tries))
                    .containsExactlyInAnyOrder(
                            handle, "handle-taken", "handle-taken", "handle-taken");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Anna",
        "'Anna Karénine'",
        "'👩‍👩‍👧 Анна'",
        "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
        "安娜",
        "<b>Anna</b>",
        "'; drop table customer; --"
    })
    void aNameIsWhateverPeopleAreCalled(String name) {
        patch(Map.of("displayName", name)).statusCode(200).body("displayName", equalTo(name));

        anna.get("/v1/me").body("displayName", equalTo(name));
    }

    @Test
    void blanksAroundANameAreDropped() {
        patch("{\"displayName\": \"  Anna  \"}").body("displayName", equalTo("Anna"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\\u0000",
                "An\\u0000na",
                "An\\nna",
                "An\\u001bna",
                "An\\u007fna",
                "An\\u0085na",
                "An\\u202ena",
                "An\\u2066na",
                "An\\u200bna",
                "\\u200b",
                "An\\ud800na",
                "An\\udc00na",
                "An\\udc00\\ud800na",
                "123456789012345678901234567890123456789012345678901"
            })
    void aNameThatCannotBeShownIsRefused(String name) {
        patch("{\"displayName\": \"" + name + "\"}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/displayName"));
        anna.get("/v1/me").body("displayName", nullValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"1899-12-31\"",
                "\"2999-01-01\"",
                "\"1990-02-30\"",
                "\"1990-2-3\"",
                "\"1990-02-03T00:00:00Z\"",
                "\"03.02.1990\"",
                "\"+100000-01-01\"",
                "[\"1990-02-03\"]",
                "7338",
                "true"
            })
    void aBirthDateIsADayOfSomebodyAlive(String birthDate) {
        patch("{\"birthDate\": " + birthDate + "}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/birthDate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ZZ", "us", "USA", "U", "1A", "UK", "ＵＳ"})
    void aCountryIsAnIsoCode(String country) {
        patch("{\"country\": \"" + country + "\"}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/country"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"PRIVATE\"", "\"secret\"", "0", "true", "[\"public\"]"})
    void aVisibilityIsOneOfThree(String visibility) {
        patch("{\"visibility\": " + visibility + "}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/visibility"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "friends", "public"})
    void eachVisibilityIsTaken(String visibility) {
        patch(Map.of("visibility", visibility))
                .statusCode(200)
                .body("visibility", equalTo(visibility));
    }

    @Test
    void twoChangesOfDifferentFieldsAtOnceAreBothKept() throws Exception {
        Race.run(
                2,
                List.of(
                        () -> outcomeOf(anna, "{\"displayName\": \"Anna\"}"),
                        () -> outcomeOf(anna, "{\"country\": \"FR\"}")));

        anna.get("/v1/me").body("displayName", equalTo("Anna")).body("country", equalTo("FR"));
    }

    private ValidatableResponse patch(Object body) {
        return patch(anna, body);
    }

    private static ValidatableResponse patch(TestPerson person, Object body) {
        return person.request().contentType(ContentType.JSON).body(body).patch("/v1/me").then();
    }

    /** The handle afterwards, or what kind of refusal it was. */
    private static String outcomeOf(TestPerson person, String body) throws Exception {
        var answer =
                JsonPath.from(
                        RawHttp.send(
                                        RawHttp.request("/v1/me")
                                                .header("Content-Type", "application/json")
                                                .header(
                                                        "Authorization",
                                                        "Bearer " + person.accessToken())
                                                .method("PATCH", BodyPublishers.ofString(body)))
                                .body());
        var refusal = answer.getString("code");
        return refusal == null ? answer.getString("handle") : refusal;
    }

    private static String freshHandle() {
        return "h" + UUID.randomUUID().toString().replace("-", "").substring(0, 15);
    }
}
