package kvit.support;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;

/** Somebody who signed in through the public door, and does what people do. */
public record TestPerson(
        String phone, UUID id, String accessToken, String refreshToken, boolean isNew) {

    /** A person of whom nobody has heard before. */
    public static TestPerson fresh() {
        return signIn(Phones.next());
    }

    /** A new person with that much in the wallet. */
    public static TestPerson with(long minor, String currency) {
        var person = fresh();
        person.fund(minor, currency);
        return person;
    }

    public static TestPerson signIn(String phone) {
        return signIn(phone, "web");
    }

    /** Through that front end. */
    public static TestPerson signIn(String phone, String client) {
        var id = Json.of(startSignIn(phone, client).statusCode(202)).path("id").textValue();
        var body = Json.of(confirm(id, codeOf(phone), client).statusCode(200));
        return new TestPerson(
                phone,
                UUID.fromString(body.at("/customer/id").textValue()),
                body.path("accessToken").textValue(),
                body.path("refreshToken").textValue(),
                body.at("/customer/isNew").booleanValue());
    }

    public static ValidatableResponse startSignIn(String phone) {
        return startSignIn(phone, "web");
    }

    public static ValidatableResponse startSignIn(String phone, String client) {
        return given().contentType(ContentType.JSON)
                .header("Kvit-Client", client)
                .body(Map.of("phone", phone))
                .post("/v1/sign-ins")
                .then();
    }

    public static ValidatableResponse confirm(String signIn, String code) {
        return confirm(signIn, code, "web");
    }

    public static ValidatableResponse confirm(String signIn, String code, String client) {
        return given().contentType(ContentType.JSON)
                .header("Kvit-Client", client)
                .body(Map.of("code", code))
                .post("/v1/sign-ins/{id}/confirmation", signIn)
                .then();
    }

    /** The last code that was sent; null if there was none. */
    public static String codeOf(String phone) {
        var messages =
                given().queryParam("phone", phone)
                        .get("/v1/sandbox/messages")
                        .then()
                        .statusCode(200);
        for (var message : Json.of(messages).path("items")) {
            if (message.path("code").isTextual()) {
                return message.path("code").textValue();
            }
        }
        return null;
    }

    public void fund(long minor, String currency) {
        given().contentType(ContentType.JSON)
                .body(Map.of("customerId", id, "amount", money(minor, currency)))
                .post("/v1/sandbox/funding")
                .then()
                .statusCode(201);
    }

    public ValidatableResponse send(TestPerson payee, long minor, String currency, String key) {
        return post(
                "/v1/transfers",
                key,
                Map.of("payee", Map.of("customerId", payee.id), "amount", money(minor, currency)));
    }

    /** Lets one go on that waits for the code which was sent for it. */
    public ValidatableResponse confirm(String transfer) {
        return confirmation(transfer, "code", codeOf(phone));
    }

    public ValidatableResponse confirmByPin(String transfer, String pin) {
        return confirmation(transfer, "pin", pin);
    }

    private ValidatableResponse confirmation(String transfer, String kind, String value) {
        return request()
                .contentType(ContentType.JSON)
                .body(Map.of(kind, value))
                .post("/v1/transfers/{id}/confirmation", transfer)
                .then();
    }

    public void setPin(String pin) {
        request()
                .contentType(ContentType.JSON)
                .body(Map.of("pin", pin))
                .put("/v1/me/pin")
                .then()
                .statusCode(204);
    }

    public ValidatableResponse refund(String transfer, long minor, String currency, String key) {
        return post(
                "/v1/transfers/" + transfer + "/refunds",
                key,
                Map.of("amount", money(minor, currency)));
    }

    public ValidatableResponse post(String path, String key, Object body) {
        return request()
                .header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(body)
                .post(path)
                .then();
    }

    public ValidatableResponse get(String path) {
        return request().get(path).then();
    }

    public RequestSpecification request() {
        return given().header("Authorization", "Bearer " + accessToken);
    }

    /** Minor units in the wallet of that currency. */
    public long balance(String currency) {
        var minor = new ArrayList<Long>();
        for (var wallet : Json.of(get("/v1/me/balances").statusCode(200)).path("items")) {
            var balance = wallet.path("balance");
            if (balance.path("currency").textValue().equals(currency)) {
                minor.add(balance.path("minor").longValue());
            }
        }
        assertThat(minor).hasSizeLessThanOrEqualTo(1);
        return minor.isEmpty() ? 0 : minor.get(0);
    }

    public static Map<String, Object> money(long minor, String currency) {
        return Map.of("minor", minor, "currency", currency);
    }
}
