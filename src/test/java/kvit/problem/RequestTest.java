package kvit.problem;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.RawHttp;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are wrong in form, whatever they are about: each gets a problem, none a 500. */
@KvitTest
class RequestTest {

    private static final String SIGN_INS = "/v1/sign-ins";
    private static final String FUNDING = "/v1/sandbox/funding";

    @Inject ObjectMapper json;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"phone\"",
                "{\"phone\": \"+12025560000\"",
                "{phone: \"+12025560000\"}",
                "{'phone': '+12025560000'}",
                "{\"phone\": \"+12025560000\",}",
                "{\"phone\": \"+1202\n5560000\"}",
                "{\"phone\": \"\\x\"}",
                "{\"phone\": NaN}",
                "// {}",
                "\u0000",
                "<phone>+12025560000</phone>",
                "phone=+12025560000"
            })
    void whatIsNoJsonIsMalformed(String body) {
        post(SIGN_INS, body).statusCode(400).body("code", equalTo("body-malformed"));
    }

    @Test
    void aFieldThatIsNamedTwiceIsMalformed() {
        post(SIGN_INS, "{\"phone\": \"+12025560000\", \"phone\": \"+12025560001\"}")
                .statusCode(400)
                .body("code", equalTo("body-malformed"));
        post(FUNDING, "{\"amount\": {\"minor\": 1, \"minor\": 2, \"currency\": \"USD\"}}")
                .statusCode(400)
                .body("code", equalTo("body-malformed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " []", " 1", "x", ","})
    void whatFollowsTheBodyIsRefused(String trailing) {
        post(SIGN_INS, "{\"phone\": \"" + Phones.next() + "\"}" + trailing).statusCode(400);
    }

    @Test
    void textThatIsNotUtf8IsMalformed() throws Exception {
        var answer =
                RawHttp.send(
                        RawHttp.request(SIGN_INS)
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofByteArray(
                                                "{\"phone\": \"é\"}"
                                                        .getBytes(StandardCharsets.ISO_8859_1))));

        assertProblem(answer, 400, "body-malformed");
    }

    /** No request of ours is deep enough to get there, so the reader of all of them is asked. */
    @Test
    void jsonIsReadToADepthOfTwenty() throws Exception {
        assertThat(json.readTree("[".repeat(20) + "]".repeat(20))).isNotNull();
        assertThatExceptionOfType(StreamConstraintsException.class)
                .isThrownBy(() -> json.readTree("[".repeat(21) + "]".repeat(21)));
    }

    @Test
    void jsonThatIsVeryDeepIsRefused() throws Exception {
        var objects = "{\"x\": " + "{\"x\":".repeat(5_000) + "1" + "}".repeat(5_000) + "}";
        var arrays = "{\"phone\": " + "[".repeat(30_000);

        assertThat(RawHttp.post(SIGN_INS, objects).statusCode()).isEqualTo(400);
        assertThat(RawHttp.post(SIGN_INS, arrays).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"+12025560000\"", "1", "true", "", " "})
    void aBodyThatIsNoObjectIsRefused(String body) {
        post(SIGN_INS, body)
                .statusCode(400)
                .body("code", oneOf("validation-failed", "body-malformed"));
    }

    @Test
    void noBodyAtAllIsRefused() {
        given().contentType(ContentType.JSON).post(SIGN_INS).then().statusCode(400);
    }

    @Test
    void anUnknownFieldIsPointedAt() {
        post(SIGN_INS, "{\"phone\": \"+12025560000\", \"admin\": true}")
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body("errors[0].pointer", equalTo("/admin"));
        post(FUNDING, "{\"amount\": {\"minor\": 1, \"currency\": \"USD\", \"x\": 1}}")
                .statusCode(400)
                .body("errors[0].pointer", containsString("/amount"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "1.5",
                "1e3",
                "\"1\"",
                "\"\"",
                "true",
                "null",
                "[1]",
                "{}",
                "9007199254740992",
                "-9007199254740992",
                "9223372036854775808",
                "1e400",
                "123456789012345678901234567890"
            })
    void minorUnitsAreAnIntegerAndNothingElse(String minor) {
        var body =
                "{\"customerId\": \"%s\", \"amount\": {\"minor\": %s, \"currency\": \"USD\"}}"
                        .formatted(UUID.randomUUID(), minor);

        post(FUNDING, body)
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body("errors[0].pointer", containsString("/amount"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.5", "true", "[]", "{}"})
    void aTextIsATextAndNothingElse(String phone) {
        post(SIGN_INS, "{\"phone\": " + phone + "}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/phone"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"x\"", "1", "\"0193a3f0\"", "true", "null"})
    void anIdIsAUuidAndNothingElse(String id) {
        post(
                        FUNDING,
                        "{\"customerId\": "
                                + id
                                + ", \"amount\": {\"minor\": 1, \"currency\": \"USD\"}}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/customerId"));
    }

    @Test
    void everyFaultOfAnAnswerIsListed() {
        var errors =
                post(SIGN_INS, "{\"phone\": \"\", \"locale\": \"!\"}")
                        .statusCode(400)
                        .extract()
                        .<List<String>>path("errors.pointer");

        assertThat(errors).contains("/locale", "/phone");
    }

    @ParameterizedTest
    @ValueSource(ints = {65_537, 70_000, 5_000_000})
    void aBodyOfMoreThan64KbIsTooLargeWithItsLengthNamed(int length) throws Exception {
        assertProblem(
                RawHttp.send(
                        RawHttp.request(SIGN_INS)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(large(length)))),
                413,
                "body-too-large");
    }

    @ParameterizedTest
    @ValueSource(ints = {65_537, 70_000, 5_000_000})
    void aBodyOfMoreThan64KbIsTooLargeInChunks(int length) throws Exception {
        assertProblem(
                RawHttp.send(inChunks(RawHttp.request(SIGN_INS), "application/json", length)),
                413,
                "body-too-large");
    }

    /** It keeps no thread, so its body is read in another way. */
    @ParameterizedTest
    @ValueSource(ints = {65_537, 70_000, 5_000_000})
    void aTransferOfMoreThan64KbIsTooLargeInChunks(int length) throws Exception {
        var request =
                RawHttp.request("/v1/transfers")
                        .header("Authorization", "Bearer " + TestPerson.fresh().accessToken())
                        .header("Idempotency-Key", "k");
        assertProblem(
                RawHttp.send(inChunks(request, "application/json", length)), 413, "body-too-large");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json;charset=utf-8, 413, body-too-large",
        "application/*, 413, body-too-large",
        "application/stream+json, 415, media-type-not-supported",
        "application/x-ndjson, 415, media-type-not-supported"
    })
    void noTypeOfBodyIsReadWithoutALimit(String type, int status, String code) throws Exception {
        assertProblem(
                RawHttp.send(inChunks(RawHttp.request(SIGN_INS), type, 70_000)), status, code);
    }

    private static HttpRequest.Builder inChunks(
            HttpRequest.Builder request, String type, int length) {
        var body = large(length).getBytes(StandardCharsets.UTF_8);
        return request.header("Content-Type", type)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    }

    @Test
    void aBodyOf64KbIsRead() {
        var phone = Phones.next();
        var body = "{\"phone\": \"" + phone + "\"";

        post(SIGN_INS, body + " ".repeat(65_535 - body.length()) + "}").statusCode(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/octet-stream",
                "text/json"
            })
    void aBodyThatIsNotJsonHasAWrongMediaType(String type) throws Exception {
        assertProblem(
                RawHttp.send(
                        RawHttp.request(SIGN_INS)
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString("{\"phone\": \"+12025560000\"}"))),
                415,
                "media-type-not-supported");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "/", "application", "*/*", "application/*", ";", "a/b/c"})
    void aMediaTypeThatIsNoneIsNoFaultOfOurs(String type) throws Exception {
        var answer =
                RawHttp.send(
                        RawHttp.request(SIGN_INS)
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString("{\"phone\": 1}")));

        assertThat(answer.statusCode()).isIn(400, 415);
        assertThat(JsonPath.from(answer.body()).getString("code")).isNotEmpty();
    }

    @Test
    void aBodyWithoutAMediaTypeIsNoFaultOfOurs() throws Exception {
        var answer =
                RawHttp.send(
                        RawHttp.request(SIGN_INS).POST(BodyPublishers.ofString("{\"phone\": 1}")));

        assertThat(answer.statusCode()).isIn(400, 415);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/sign-ins",
        "PUT, /v1/sign-ins",
        "DELETE, /v1/sign-ins",
        "PATCH, /v1/sign-ins",
        "POST, /v1/me",
        "DELETE, /v1/people",
        "POST, /problems/not-found",
        "PUT, /v1/transfers"
    })
    void anotherMethodIsNotAllowed(String method, String path) throws Exception {
        var answer =
                RawHttp.send(
                        RawHttp.request(path)
                                .header(
                                        "Authorization",
                                        "Bearer " + TestPerson.fresh().accessToken())
                                .header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString("{}")));

        assertProblem(answer, 405, "method-not-allowed");
    }

    @Test
    void traceIsOff() throws Exception {
        assertThat(raw("TRACE /v1/me HTTP/1.1\r\nHost: x\r\nSecret: canary\r\n"))
                .doesNotContain("canary")
                .containsPattern("^HTTP/1.1 (405|404|400|501)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/",
                "/v2/me",
                "/v1/nothing",
                "/v1/sign-ins/x/y/z",
                "/problems",
                "/.env",
                "/v1/me/..%2f..%2fadmin",
                "/%00",
                "/index.php?a=b"
            })
    void anUnknownPathIsNotFound(String path) throws Exception {
        var answer = RawHttp.send(RawHttp.request(path).header("Accept", "*/*").GET());

        assertProblem(answer, 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1", "0193a3f0-0000-7000-8000-00000000000g", "%20", "null", "'"})
    void anIdInAPathThatIsNoneIsNotFound(String id) throws Exception {
        var person = TestPerson.fresh();

        assertProblem(
                RawHttp.post(SIGN_INS + "/" + id + "/confirmation", "{\"code\": \"123456\"}"),
                404,
                "not-found");
        assertProblem(
                RawHttp.send(
                        RawHttp.request("/v1/transfers/" + id)
                                .header("Authorization", "Bearer " + person.accessToken())
                                .GET()),
                404,
                "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "image/png", "application/xml", "text/html"})
    void whoAcceptsNoJsonIsToldSo(String accepted) throws Exception {
        assertProblem(
                RawHttp.send(
                        RawHttp.request(SIGN_INS)
                                .header("Accept", accepted)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"phone\": \"hello\"}"))),
                406,
                "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "/", ";;;", "application/json;q=x", ","})
    void anAcceptHeaderThatIsNoneIsNoFaultOfOurs(String accepted) throws Exception {
        var answer =
                RawHttp.send(
                        RawHttp.request(SIGN_INS)
                                .header("Accept", accepted)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"phone\": \"hello\"}")));

        assertThat(answer.statusCode()).isBetween(400, 499);
    }

    @Test
    void aGivenRequestIdComesBackInHeaderAndProblem() {
        given().header("Request-Id", "my-id_1.2")
                .get("/v1/me")
                .then()
                .header("Request-Id", "my-id_1.2")
                .body("requestId", equalTo("my-id_1.2"));
    }

    @Test
    void everyRequestHasAnIdOfItsOwn() {
        var one = given().get("/v1/me").header("Request-Id");
        var other = given().get("/v1/me").header("Request-Id");

        assertThat(UUID.fromString(one)).isNotEqualTo(UUID.fromString(other));
    }

    @Test
    void anIdOfOneRequestIsNotThatOfTheNextOnTheSameConnection() throws Exception {
        var first =
                RawHttp.send(
                        RawHttp.request("/.well-known/jwks.json")
                                .header("Request-Id", "first")
                                .GET());
        var second = RawHttp.send(RawHttp.request("/.well-known/jwks.json").GET());

        assertThat(first.headers().firstValue("Request-Id")).contains("first");
        assertThat(second.headers().firstValue("Request-Id"))
                .hasValueSatisfying(it -> assertThat(UUID.fromString(it)).isNotNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "a b",
                "a%0d%0aSet-Cookie: x=1",
                "a\\r\\nINFO forged",
                "\"quoted\"",
                "<script>",
                "é",
                "12345678901234567890123456789012345678901234567890123456789012345"
            })
    void aForgedRequestIdIsReplaced(String forged) {
        given().header("Request-Id", forged)
                .get("/v1/me")
                .then()
                .header("Request-Id", matchesPattern("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
    }

    @Test
    void aRequestIdWithALineEndForgesNoHeader() throws Exception {
        var answer = raw("GET /v1/me HTTP/1.1\r\nHost: x\r\nRequest-Id: a\rX-Forged: 1\r\n");

        assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("X-Forged");
    }

    @Test
    void aBodyWithTwoLengthsIsRefused() throws Exception {
        assertThat(
                        raw(
                                "POST /v1/sign-ins HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
                                        + "Content-Length: 5\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/me",
        "GET, /v1/nothing",
        "PUT, /v1/sign-ins",
        "POST, /v1/sign-ins",
        "GET, /.well-known/jwks.json",
        "GET, /v1/sandbox/books",
        "GET, /q/health/live",
        "GET, /problems/nothing"
    })
    void everyAnswerHasTheHeadersThatProtect(String method, String path) throws Exception {
        var headers =
                RawHttp.send(
                                RawHttp.request(path)
                                        .header("Content-Type", "application/json")
                                        .method(method, BodyPublishers.ofString("{")))
                        .headers();

        assertThat(headers.allValues("Cache-Control")).containsExactly("no-store");
        assertThat(headers.allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(headers.allValues("Content-Security-Policy"))
                .containsExactly("frame-ancestors 'none'");
        assertThat(headers.firstValue("Strict-Transport-Security")).isPresent();
        assertThat(headers.firstValue("Server")).isEmpty();
        assertThat(headers.firstValue("X-Powered-By")).isEmpty();
    }

    @Test
    void aTooLargeBodyIsAnsweredWithTheHeadersTooAndAnId() throws Exception {
        var headers = RawHttp.post(SIGN_INS, large(70_000)).headers();

        assertThat(headers.allValues("Cache-Control")).containsExactly("no-store");
        assertThat(headers.firstValue("Request-Id")).isPresent();
    }

    @Test
    void noOtherSiteMayCallFromABrowser() {
        given().header("Origin", "https://attacker.example")
                .get("/.well-known/jwks.json")
                .then()
                .header("Access-Control-Allow-Origin", equalTo(null));
        given().header("Origin", "https://attacker.example")
                .header("Access-Control-Request-Method", "POST")
                .options(SIGN_INS)
                .then()
                .header("Access-Control-Allow-Origin", equalTo(null));
    }

    @Test
    void aProblemHasAllItsMembersAndNothingOfOurInsides() {
        post(SIGN_INS, "{\"phone\": {\"a\": 1}}")
                .statusCode(400)
                .contentType(ProblemBody.MEDIA_TYPE)
                .body("type", equalTo("/problems/validation-failed"))
                .body("title", equalTo("The request is not what this operation takes"))
                .body("status", equalTo(400))
                .body("code", equalTo("validation-failed"))
                .body("retryable", equalTo(false))
                .body("", hasKey("detail"))
                .body("", hasKey("requestId"))
                .body(not(containsString("jackson")))
                .body(not(containsString("kvit.")))
                .body(not(containsString("java")));
    }

    @Test
    void everyProblemHasAPage() throws Exception {
        var codes = codes();
        assertThat(codes).hasSizeGreaterThan(30);
        for (var code : codes) {
            var page =
                    RawHttp.send(
                            RawHttp.request("/problems/" + code).header("Accept", "*/*").GET());

            assertThat(page.statusCode()).as(code).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(it -> assertThat(it).startsWith("text/html"));
            assertThat(page.body()).contains("<title>" + code + "</title>").contains("<p>");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "NOT-FOUND", "x%3Cscript%3E", "..%2fproblems.md", "%20"})
    void aProblemThatDoesNotExistHasNone(String code) throws Exception {
        var page = RawHttp.send(RawHttp.request("/problems/" + code).header("Accept", "*/*").GET());

        assertProblem(page, 404, "not-found");
    }

    /** All of them, as {@code kvit.ProblemTest} makes sure. */
    private static List<String> codes() throws IOException {
        try (var lines = Files.lines(Path.of("docs/problems.md"))) {
            return lines.filter(it -> it.startsWith("## ")).map(it -> it.substring(3)).toList();
        }
    }

    private static ValidatableResponse post(String path, String body) {
        return given().contentType(ContentType.JSON).body(body).post(path).then();
    }

    /** Good in all but its size. */
    private static String large(int length) {
        return "{\"phone\":" + " ".repeat(length - 24) + "\"+12025560001\"}";
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains(ProblemBody.MEDIA_TYPE);
        assertThat(JsonPath.from(answer.body()).<String, Object>getMap(""))
                .containsAllEntriesOf(
                        Map.of("status", status, "code", code, "type", "/problems/" + code))
                .containsEntry(
                        "requestId", answer.headers().firstValue("Request-Id").orElse("none"));
    }

    /** What no HTTP client would send. */
    private static String raw(String head) throws IOException {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            (head + "Connection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
