package kvit.support;

import static io.restassured.RestAssured.given;

import io.quarkus.arc.Arc;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.operate.DemoOperators;
import kvit.operate.Role;
import kvit.source.Ids;

/** An operator of whom nobody has heard before, signed in through the public door. */
public record TestOperator(String email, String token) {

    public static final String PASSWORD = "a password of twelve and more";

    private static final AtomicInteger NEXT = new AtomicInteger();

    public static TestOperator with(String... roles) {
        var email = seeded(roles);
        var body = Json.of(signIn(email, PASSWORD, null).statusCode(200));
        return new TestOperator(email, body.path("accessToken").textValue());
    }

    /** One who has not signed in; with the first one's hash, because hashing is slow on purpose. */
    public static String seeded(String... roles) {
        var email = "operator-%d@kvit.example".formatted(NEXT.getAndIncrement());
        Sql.run(
                "insert into operator (id, email, name, roles, state, password_hash, created_at)"
                        + " select ?, ?, name, ?, state, password_hash, created_at"
                        + " from operator where email = ?",
                Arc.container().instance(Ids.class).get().next(),
                email,
                roles,
                first());
        return email;
    }

    /** Whom the others are like; once they are there, this changes nothing. */
    private static String first() {
        var email = "operator@kvit.example";
        var operators = Arc.container().instance(DemoOperators.class).get();
        operators.seed(email, "Otto", PASSWORD, Role.SUPPORT);
        return email;
    }

    public static ValidatableResponse signIn(String email, String password, String code) {
        var body = new HashMap<>(Map.of("email", email, "password", password));
        if (code != null) {
            body.put("code", code);
        }
        return given().contentType(ContentType.JSON).body(body).post("/v1/admin/sign-ins").then();
    }

    public RequestSpecification request() {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    public ValidatableResponse get(String path) {
        return request().get(path).then();
    }

    public ValidatableResponse post(String path, Object body) {
        return request().body(body).post(path).then();
    }

    /** Approves what somebody else has asked for. */
    public ValidatableResponse approve(String approval) {
        return post("/v1/admin/approvals/" + approval + "/approval", Map.of());
    }
}
