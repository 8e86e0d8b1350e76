package kvit.identity;

import static io.restassured.RestAssured.given;
import static java.util.function.Predicate.isEqual;
import static kvit.support.TestPerson.codeOf;
import static kvit.support.TestPerson.confirm;
import static kvit.support.TestPerson.startSignIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Race;
import kvit.support.RawHttp;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in by phone and code, from the outside. */
@KvitTest
class SignInTest {

    @Inject Clock clock;

    @Test
    void theAnswerToAPhoneIsAnIdAMaskAndTwoTimes() {
        var phone = Phones.next();
        var before = clock.instant();

        var answer = startSignIn(phone).statusCode(202).extract().jsonPath();

        var after = clock.instant();
        assertThat(answer.getMap("")).containsOnlyKeys("id", "sentTo", "expiresAt", "resendAt");
        assertThat(UUID.fromString(answer.getString("id")).version()).isEqualTo(7);
        assertThat(answer.getString("sentTo"))
                .isEqualTo("+1•••••••" + phone.substring(phone.length() - 4));
        assertThat(Instant.parse(answer.getString("expiresAt")))
                .isBetween(before.plus(Duration.ofMinutes(5)), after.plus(Duration.ofMinutes(5)));
        assertThat(Instant.parse(answer.getString("resendAt")))
                .isBetween(before.plusSeconds(30), after.plusSeconds(30));
    }

    @Test
    void theFirstConfirmationMakesACustomerAndTheNextFindsThem() {
        var phone = Phones.next();

        var first = signIn(phone).statusCode(200).extract().jsonPath();
        var second = signIn(phone).statusCode(200).extract().jsonPath();

        assertThat(first.getBoolean("customer.isNew")).isTrue();
        assertThat(second.getBoolean("customer.isNew")).isFalse();
        assertThat(second.getString("customer.id")).isEqualTo(first.getString("customer.id"));
        assertThat(first.getString("tokenType")).isEqualTo("Bearer");
        assertThat(first.getLong("expiresIn")).isEqualTo(600);
        assertThat(first.getString("customer.phone")).doesNotContain(phone.substring(2, 8));
    }

    @ParameterizedTest
    @CsvSource({
        "+12025561990, US",
        "+14169671990, CA",
        "+447400121990, GB",
        "+33612341990, FR",
        "+79123451990, RU",
        "+77012341990, KZ",
        "+971501231990, AE"
    })
    void aCustomersCountryIsThePhonesRegion(String phone, String country) {
        signIn(phone).statusCode(200).body("customer.country", equalTo(country));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1 %s %s %s",
                "+1-%s-%s-%s",
                "+1 (%s) %s-%s",
                "  +1.%s.%s.%s  ",
                "+1\u00a0%s\u00a0%s\u00a0%s"
            })
    void aPhoneInAnySpacingIsTheSamePerson(String form) {
        var phone = Phones.next();
        var person = TestPerson.signIn(phone);
        var spaced =
                form.formatted(phone.substring(2, 5), phone.substring(5, 8), phone.substring(8));

        var id = startSignIn(spaced).statusCode(202).extract().<String>path("id");

        confirm(id, codeOf(phone))
                .statusCode(200)
                .body("customer.id", equalTo(person.id().toString()))
                .body("customer.isNew", equalTo(false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12025560001",
                "0612345678",
                "+",
                "+1",
                "+1202556",
                "+120255600011",
                "+0612345678",
                "+99912345678",
                "+80012345678",
                "hello",
                "+hello",
                "' or 1=1 --",
                "@anna"
            })
    void whatIsNoPhoneIsRefusedAsSuch(String phone) {
        startSignIn(phone).statusCode(422).body("code", equalTo("phone-invalid"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"phone\": null}",
                "{\"phone\": \"\"}",
                "{\"phone\": \"  \"}",
                "{\"phone\": 12025560001}",
                "{\"phone\": [\"+12025560001\"]}",
                "{\"phone\": \"+1 202 556 00010000000000000000000000000000\"}"
            })
    void aBodyWithoutAPhoneIsRefusedWithAPointerToIt(String body) {
        given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/sign-ins")
                .then()
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body("errors[0].pointer", equalTo("/phone"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"french!", "f", "fr_FR", "", "fr-FR-x-a", "../../etc"})
    void aLocaleThatIsNoneIsRefused(String locale) {
        start(Phones.next(), locale).statusCode(400).body("errors[0].pointer", equalTo("/locale"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12345", "1234567", " 123456", "12345a", "１２３４５６", "-12345"})
    void whatIsNoCodeIsNotATry(String code) {
        var phone = Phones.next();
        var id = start(phone);
        for (var i = 0; i < 6; i++) {
            confirm(id, code).statusCode(400).body("errors[0].pointer", equalTo("/code"));
        }

        confirm(id, codeOf(phone)).statusCode(200);
    }

    @Test
    void aSignInThatDoesNotExistIsNotFound() {
        var id = UUID.randomUUID().toString();

        confirm(id, "123456").statusCode(404).body("code", equalTo("sign-in-not-found"));
        resend(id).statusCode(404).body("code", equalTo("sign-in-not-found"));
    }

    @Test
    void aWrongCodeIsRefusedAndTheRightOneStillCounts() {
        var phone = Phones.next();
        var id = start(phone);
        var code = codeOf(phone);

        confirm(id, other(code)).statusCode(422).body("code", equalTo("code-wrong"));
        confirm(id, code).statusCode(200);
    }

    @Test
    void theCodeOfOneSignInIsNothingInAnother() {
        var phone = Phones.next();
        var first = start(phone);
        var code = codeOf(phone);
        var second = start(phone);
        var newer = codeOf(phone);

        if (!code.equals(newer)) {
            confirm(second, code).statusCode(422).body("code", equalTo("code-wrong"));
            confirm(first, newer).statusCode(422).body("code", equalTo("code-wrong"));
        }
        confirm(first, code).statusCode(200);
    }

    @Test
    void anExpiredCodeIsAnsweredLikeAWrongOne() {
        var phone = Phones.next();
        var id = start(phone);
        var code = codeOf(phone);
        var wrong = confirm(id, other(code)).statusCode(422).extract().jsonPath();

        TestClock.advance(Duration.ofMinutes(5));

        var expired = confirm(id, code).statusCode(422).extract().jsonPath();
        assertThat(withoutRequestId(expired)).isEqualTo(withoutRequestId(wrong));
    }

    @Test
    void aCodeCountsOnce() {
        var phone = Phones.next();
        var id = start(phone);
        var code = codeOf(phone);
        confirm(id, code).statusCode(200);

        confirm(id, code).statusCode(422).body("code", equalTo("code-wrong"));
    }

    @Test
    void resendingTooEarlyIsRefusedWithTheTimeToWait() {
        var phone = Phones.next();
        var id = start(phone);

        var answer =
                resend(id).statusCode(429).body("code", equalTo("too-many-attempts")).extract();

        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(20, 30);
        assertThat(answer.jsonPath().getInt("retryAfter"))
                .isEqualTo(Integer.parseInt(answer.header("Retry-After")));
        confirm(id, codeOf(phone)).statusCode(200);
    }

    @Test
    void resendingKillsTheOldCode() {
        var phone = Phones.next();
        var id = start(phone);
        var old = codeOf(phone);
        TestClock.advance(Duration.ofSeconds(31));

        resend(id).statusCode(202).body("id", equalTo(id));

        var fresh = codeOf(phone);
        if (!old.equals(fresh)) {
            confirm(id, old).statusCode(422).body("code", equalTo("code-wrong"));
        }
        confirm(id, fresh).statusCode(200);
    }

    @Test
    void thereIsNothingToResendOnceSomebodyIsIn() {
        var phone = Phones.next();
        var id = start(phone);
        confirm(id, codeOf(phone)).statusCode(200);
        TestClock.advance(Duration.ofSeconds(31));

        resend(id).statusCode(404).body("code", equalTo("sign-in-not-found"));
    }

    @Test
    void resendingAtTheSameMomentSendsOnce() throws Exception {
        var phone = Phones.next();
        var id = start(phone);
        codeOf(phone);
        TestClock.advance(Duration.ofSeconds(31));

        var answers = Race.run(8, 8, () -> RawHttp.post("/v1/sign-ins/" + id + "/resend", ""));

        assertThat(answers).extracting(it -> it.statusCode()).containsOnlyOnce(202);
        codeOf(phone);
        assertThat(messages(phone)).hasSize(2);
    }

    @Test
    void afterFiveWrongTriesNotEvenTheRightCodeCounts() {
        var phone = Phones.next();
        var id = start(phone);
        var code = codeOf(phone);
        for (var i = 0; i < 5; i++) {
            confirm(id, other(code)).statusCode(422).body("code", equalTo("code-wrong"));
        }

        var answer =
                confirm(id, code)
                        .statusCode(429)
                        .body("code", equalTo("too-many-attempts"))
                        .extract();

        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 30);
        TestClock.advance(Duration.ofSeconds(31));
        confirm(id, code).statusCode(429).body("code", equalTo("too-many-attempts"));
    }

    @Test
    void ofFiftyParallelGuessesFiveAreLookedAt() throws Exception {
        var phone = Phones.next();
        var id = start(phone);
        var code = codeOf(phone);

        var codes = Race.run(25, 50, () -> codeOfAnswer(id, other(code)));

        assertThat(codes).filteredOn(isEqual("code-wrong")).hasSizeBetween(1, 5);
        assertThat(codes).containsOnly("code-wrong", "too-many-attempts");
        confirm(id, code).statusCode(429);
    }

    @Test
    void ofParallelGuessesOverSeveralSignInsFiveAreLookedAt() throws Exception {
        var phone = Phones.next();
        var ids = new ArrayList<String>();
        var wrong = new ArrayList<String>();
        for (var i = 0; i < 5; i++) {
            ids.add(start(phone));
            wrong.add(other(codeOf(phone)));
        }
        var guesses = new ArrayList<Callable<String>>();
        for (var i = 0; i < 50; i++) {
            var which = i % ids.size();
            guesses.add(() -> codeOfAnswer(ids.get(which), wrong.get(which)));
        }

        var codes = Race.run(25, guesses);

        assertThat(codes).filteredOn(isEqual("code-wrong")).hasSizeBetween(1, 5);
    }

    @Test
    void ofAHundredRightSubmissionsOneGetsIn() throws Exception {
        var phone = Phones.next();
        var id = start(phone);
        var code = codeOf(phone);

        var codes = Race.run(50, 100, () -> codeOfAnswer(id, code));

        assertThat(codes).containsOnlyOnce("200");
        assertThat(codes).containsOnly("200", "code-wrong", "too-many-attempts");
    }

    @Test
    void failuresInARowLockThePhoneForLongerAndLonger() {
        var phone = Phones.next();
        var first = start(phone);
        var wrong = other(codeOf(phone));
        for (var i = 0; i < 5; i++) {
            confirm(first, wrong).statusCode(422);
        }
        var second = start(phone);
        var code = codeOf(phone);
        assertThat(secondsLocked(second, code)).isBetween(20, 30);

        TestClock.advance(Duration.ofSeconds(30));
        confirm(second, other(code)).statusCode(422);
        assertThat(secondsLocked(second, code)).isBetween(50, 60);

        TestClock.advance(Duration.ofSeconds(60));
        confirm(second, other(code)).statusCode(422);
        assertThat(secondsLocked(second, code)).isBetween(110, 120);

        TestClock.advance(Duration.ofSeconds(120));
        confirm(second, code).statusCode(200);
    }

    @Test
    void aSuccessForgivesTheFailuresBeforeIt() {
        var phone = Phones.next();
        for (var round = 0; round < 3; round++) {
            var id = start(phone);
            var code = codeOf(phone);
            for (var i = 0; i < 4; i++) {
                confirm(id, other(code)).statusCode(422);
            }
            confirm(id, code).statusCode(200);
        }
    }

    @Test
    void aPhoneGetsFiveCodesInTenMinutesAndOtherPhonesTheirOwn() {
        var phone = Phones.next();
        for (var i = 0; i < 5; i++) {
            startSignIn(phone).statusCode(202);
        }

        var refused =
                startSignIn(phone)
                        .statusCode(429)
                        .body("code", equalTo("too-many-attempts"))
                        .body("retryable", equalTo(true))
                        .extract();

        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(590, 600);
        startSignIn(Phones.next()).statusCode(202);
        TestClock.advance(Duration.ofMinutes(9));
        startSignIn(phone).statusCode(429);
        TestClock.advance(Duration.ofSeconds(61));
        startSignIn(phone).statusCode(202);
    }

    @Test
    void resendingCountsAgainstTheSamePhone() {
        var phone = Phones.next();
        for (var i = 0; i < 4; i++) {
            startSignIn(phone).statusCode(202);
        }
        var id = start(phone);
        TestClock.advance(Duration.ofSeconds(31));

        resend(id).statusCode(429);
    }

    @ParameterizedTest
    @CsvSource({
        "fr, 'ne donnez ce code à personne'",
        "fr-CH, 'ne donnez ce code à personne'",
        "ru, 'никому не сообщайте этот код'",
        "en-GB, 'never tell this code to anybody'",
        "de, 'never tell this code to anybody'"
    })
    void theSmsSpeaksThePersonsLanguage(String locale, String warning) {
        var phone = Phones.next();
        start(phone, locale).statusCode(202);
        var code = codeOf(phone);

        var text = messages(phone).get(0).get("text");

        assertThat(code).matches("[0-9]{6}");
        assertThat(text).startsWith("Kvit").contains(warning).endsWith(code);
    }

    @Test
    void theLocaleOfTheSignInIsTheNewCustomersOwn() {
        var phone = Phones.next();
        var id = start(phone, "fr-CH").statusCode(202).extract().<String>path("id");

        confirm(id, codeOf(phone)).body("customer.locale", equalTo("fr-CH"));
    }

    @Test
    void twoFirstSignInsOfOnePhoneAreOnePerson() throws Exception {
        var phone = Phones.next();
        var first = start(phone);
        var firstCode = codeOf(phone);
        var second = start(phone);
        var secondCode = codeOf(phone);

        var answers =
                Race.run(
                        2,
                        List.<Callable<JsonPath>>of(
                                () -> JsonPath.from(submit(first, firstCode)),
                                () -> JsonPath.from(submit(second, secondCode))));

        assertThat(answers).extracting(it -> it.getString("customer.id")).hasSize(2);
        assertThat(answers.get(0).getString("customer.id"))
                .isNotNull()
                .isEqualTo(answers.get(1).getString("customer.id"));
        assertThat(answers)
                .extracting(it -> it.getBoolean("customer.isNew"))
                .containsExactlyInAnyOrder(true, false);
    }

    @Test
    void noAnswerShowsThePhoneOrTheCode() {
        var phone = Phones.next();
        var start = startSignIn(phone).statusCode(202).extract().asString();
        var id = JsonPath.from(start).getString("id");
        var code = codeOf(phone);
        var wrong = confirm(id, other(code)).extract().asString();
        var right = confirm(id, code).statusCode(200).extract().asString();

        assertThat(List.of(start, wrong, right))
                .allSatisfy(it -> assertThat(it).doesNotContain(phone.substring(1, 8)));
    }

    @Test
    void theMessageSaysWhenItWasSent() {
        var phone = Phones.next();
        start(phone);
        codeOf(phone);

        given().queryParam("phone", phone)
                .get("/v1/sandbox/messages")
                .then()
                .body("items[0].sentAt", matchesPattern("\\d{4}-.*Z"));
    }

    private static String start(String phone) {
        return startSignIn(phone).statusCode(202).extract().path("id");
    }

    private static ValidatableResponse start(String phone, String locale) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("phone", phone, "locale", locale))
                .post("/v1/sign-ins")
                .then();
    }

    private static ValidatableResponse signIn(String phone) {
        var id = start(phone);
        return confirm(id, codeOf(phone));
    }

    private static ValidatableResponse resend(String id) {
        return given().post("/v1/sign-ins/{id}/resend", id).then();
    }

    private static List<Map<String, String>> messages(String phone) {
        return given().queryParam("phone", phone)
                .get("/v1/sandbox/messages")
                .then()
                .extract()
                .path("items");
    }

    private static int secondsLocked(String id, String code) {
        return Integer.parseInt(
                confirm(id, code)
                        .statusCode(429)
                        .body("code", equalTo("too-many-attempts"))
                        .extract()
                        .header("Retry-After"));
    }

    private static String submit(String id, String code) throws Exception {
        return RawHttp.post("/v1/sign-ins/" + id + "/confirmation", "{\"code\": \"" + code + "\"}")
                .body();
    }

    /** "200", or what kind of refusal it was. */
    private static String codeOfAnswer(String id, String code) throws Exception {
        var refusal = JsonPath.from(submit(id, code)).getString("code");
        return refusal == null ? "200" : refusal;
    }

    /** A code that is not this one. */
    private static String other(String code) {
        return "%06d".formatted((Integer.parseInt(code) + 1) % 1_000_000);
    }

    private static Map<String, Object> withoutRequestId(JsonPath problem) {
        var members = problem.<String, Object>getMap("");
        members.remove("requestId");
        return members;
    }
}
