package kvit.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding one person by handle or phone. */
@KvitTest
class PeopleTest {

    TestPerson anna;
    TestPerson boris;
    String handle;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.fresh();
        boris = TestPerson.fresh();
        handle = "b" + UUID.randomUUID().toString().substring(0, 8);
        boris.request()
                .contentType(ContentType.JSON)
                .body(Map.of("handle", handle, "displayName", "Boris"))
                .patch("/v1/me")
                .then()
                .statusCode(200);
    }

    @Test
    void aPersonIsFoundByHandleInAnyForm() {
        assertBoris(find("handle", handle));
        assertBoris(find("handle", "@" + handle));
        assertBoris(find("handle", handle.toUpperCase(Locale.ROOT)));
    }

    @Test
    void aPersonIsFoundByPhoneInAnySpacing() {
        assertBoris(find("phone", boris.phone()));
        assertBoris(
                find(
                        "phone",
                        "+1 (202) "
                                + boris.phone().substring(5, 8)
                                + "-"
                                + boris.phone().substring(8)));
    }

    @Test
    void onlyIdNameAndHandleAreShown() {
        assertThat(find("phone", boris.phone()).extract().jsonPath().getMap(""))
                .containsOnlyKeys("id", "displayName", "handle");
    }

    @Test
    void oneAndNotBothAreToBeGiven() {
        anna.get("/v1/people").statusCode(400).body("code", equalTo("validation-failed"));
        anna.request()
                .queryParam("handle", handle)
                .queryParam("phone", boris.phone())
                .get("/v1/people")
                .then()
                .statusCode(400)
                .body("code", equalTo("validation-failed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody_here", "@nobody_here", "a b", "%", "b%", "' or 1=1 --"})
    void aHandleOfNobodyIsNotFound(String nobody) {
        find("handle", nobody).statusCode(404).body("code", equalTo("person-not-found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+12025569999", "12025569999", "hello", "+1", "\u0000"})
    void aPhoneOfNobodyIsNotFound(String nobody) {
        find("phone", nobody).statusCode(404).body("code", equalTo("person-not-found"));
    }

    @Test
    void aBlockedPersonIsNobody() {
        Sql.run("update customer set state = 'BLOCKED' where id = ?", boris.id());

        var blocked = find("handle", handle).statusCode(404).extract().jsonPath();
        var nobody = find("handle", "nobody_here").statusCode(404).extract().jsonPath();

        find("phone", boris.phone()).statusCode(404);
        assertThat(blocked.getString("detail")).isEqualTo(nobody.getString("detail"));
        assertThat(blocked.getString("code")).isEqualTo(nobody.getString("code"));
    }

    @Test
    void aPhoneThatOnlyAskedForACodeIsNobody() {
        var phone = Phones.next();
        TestPerson.startSignIn(phone).statusCode(202);

        find("phone", phone).statusCode(404);
    }

    @Test
    void whoDoesNotSayWhoTheyAreFindsNobody() {
        given().queryParam("handle", handle)
                .get("/v1/people")
                .then()
                .statusCode(401)
                .body("code", equalTo("unauthenticated"));
    }

    private ValidatableResponse find(String by, String value) {
        return anna.request().queryParam(by, value).get("/v1/people").then();
    }

    private void assertBoris(ValidatableResponse answer) {
        answer.statusCode(200)
                .body("id", equalTo(boris.id().toString()))
                .body("displayName", equalTo("Boris"))
                .body("handle", equalTo(handle));
    }
}
