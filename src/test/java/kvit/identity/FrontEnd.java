package kvit.identity;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import kvit.support.TestPerson;
import org.jspecify.annotations.Nullable;

/**
 * What a front end calls itself, and proves it with; and the four doors at which it does.
 *
 * @param id null for one that says nothing
 * @param secret null for one that shows none
 */
record FrontEnd(@Nullable String id, @Nullable String secret) {

    FrontEnd with(@Nullable String otherSecret) {
        return new FrontEnd(id, otherSecret);
    }

    ValidatableResponse start(String phone) {
        return request().body(Map.of("phone", phone)).post("/v1/sign-ins").then();
    }

    ValidatableResponse confirm(String signIn, String code) {
        return request()
                .body(Map.of("code", code))
                .post("/v1/sign-ins/{id}/confirmation", signIn)
                .then();
    }

    ValidatableResponse resend(String signIn) {
        return request().post("/v1/sign-ins/{id}/resend", signIn).then();
    }

    ValidatableResponse refresh(String token) {
        return request().body(Map.of("refreshToken", token)).post("/v1/sessions/refresh").then();
    }

    /** Tokens of somebody who comes in this way. */
    JsonPath signIn(String phone) {
        var id = started(phone);
        return confirm(id, TestPerson.codeOf(phone)).statusCode(200).extract().jsonPath();
    }

    String started(String phone) {
        return start(phone).statusCode(202).extract().path("id");
    }

    private RequestSpecification request() {
        var request = given().contentType(ContentType.JSON);
        if (id != null) {
            request.header("Kvit-Client", id);
        }
        return secret == null ? request : request.header("Kvit-Client-Secret", secret);
    }
}
