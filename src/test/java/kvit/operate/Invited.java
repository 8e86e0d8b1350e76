package kvit.operate;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kvit.support.TestOperator;

/**
 * Somebody whom two have invited, and who has not come yet.
 *
 * @param first the half of who has asked for it
 * @param second the half of who has agreed
 */
record Invited(String id, String first, String second) {

    static Invited as(String email, String... roles) {
        var maker = TestOperator.with(Role.ADMIN);
        var checker = TestOperator.with(Role.APPROVER);
        checker.approve(asked(maker, email, roles).statusCode(202).extract().path("id"))
                .statusCode(200);
        var id =
                maker.get("/v1/admin/operators")
                        .extract()
                        .<String>path("items.find { it.email == '" + email + "' }.id");
        return drawn(id, maker, checker);
    }

    static Invited drawn(String id, TestOperator maker, TestOperator checker) {
        return new Invited(
                id,
                draw(id, maker).statusCode(200).extract().path("half"),
                draw(id, checker).statusCode(200).extract().path("half"));
    }

    static ValidatableResponse draw(String id, TestOperator by) {
        return by.post("/v1/admin/operators/" + id + "/invitation", Map.of("reason", "For them."));
    }

    static ValidatableResponse asked(TestOperator maker, String email, String... roles) {
        return maker.post(
                "/v1/admin/operators",
                Map.of("email", email, "name", "Ines", "roles", List.of(roles), "reason", "New."));
    }

    ValidatableResponse enrol(String password) {
        return enrol(first, second, password);
    }

    static ValidatableResponse enrol(String invitation, String second, String password) {
        var body = new HashMap<>(Map.of("invitation", invitation, "password", password));
        if (second != null) {
            body.put("secondInvitation", second);
        }
        return given().contentType(ContentType.JSON).body(body).post("/v1/admin/enrolments").then();
    }
}
