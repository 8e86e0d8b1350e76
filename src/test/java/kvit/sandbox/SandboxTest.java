package kvit.sandbox;

import static io.restassured.RestAssured.given;
import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a sandbox has. */
@KvitTest
class SandboxTest {

    private static final String FUNDING = "/v1/sandbox/funding";
    private static final String CLOCK = "/v1/sandbox/clock";

    @Inject Clock clock;

    @Test
    void whoeverReadsRightAfterAskingFindsTheMessage() {
        for (var i = 0; i < 10; i++) {
            var phone = Phones.next();
            TestPerson.startSignIn(phone).statusCode(202);

            messages(phone).statusCode(200).body("items", hasSize(1));
        }
    }

    @Test
    void theNewestMessageComesFirst() {
        var phone = Phones.next();
        TestPerson.startSignIn(phone).statusCode(202);
        messages(phone);
        TestPerson.startSignIn(phone).statusCode(202);

        var items = messages(phone).extract().jsonPath();

        assertThat(items.getList("items")).hasSize(2);
        assertThat(Instant.parse(items.getString("items[0].sentAt")))
                .isAfterOrEqualTo(Instant.parse(items.getString("items[1].sentAt")));
        assertThat(items.<String, Object>getMap("items[0]"))
                .containsOnlyKeys("sentAt", "text", "code");
        assertThat(items.getString("items[0].text")).endsWith(items.getString("items[0].code"));
    }

    @Test
    void aPhoneThatGotNothingHasNoMessages() {
        messages(Phones.next())
                .statusCode(200)
                .body("items", empty())
                .body("nextCursor", equalTo(null));
    }

    @Test
    void aPlusThatNobodyEscapedIsUnderstood() {
        var phone = Phones.next();
        TestPerson.startSignIn(phone).statusCode(202);

        given().urlEncodingEnabled(false)
                .get("/v1/sandbox/messages?phone=" + phone)
                .then()
                .body("items", hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?phone=", "?phone=%20"})
    void withoutAPhoneThereIsNothingToShow(String query) {
        given().urlEncodingEnabled(false)
                .get("/v1/sandbox/messages" + query)
                .then()
                .statusCode(400)
                .body("code", equalTo("validation-failed"));
    }

    @Test
    void aCodeIsReadableNowhereInTheDatabase() {
        var phone = Phones.next();
        TestPerson.startSignIn(phone).statusCode(202);
        var code = TestPerson.codeOf(phone);

        var rows =
                Sql.<String>column(
                        "select cast(m as text) from inbox_message m where phone = ?"
                                + " union all select cast(s as text) from sign_in s where phone = ?",
                        phone,
                        phone);

        assertThat(rows).hasSize(2);
        // Six digits turn up in ids and times by chance; their bytes and the text do not.
        assertThat(rows)
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .doesNotContain("Kvit")
                                        .doesNotContain(hex("Kvit"))
                                        .doesNotContain(hex(code)));
    }

    @Test
    void moneyComesOutOfNowhereAndIsBalanced() {
        var person = TestPerson.fresh();

        fund(person.id(), 12_34, "USD")
                .statusCode(201)
                .body("customerId", equalTo(person.id().toString()))
                .body("amount.minor", equalTo(12_34))
                .body("balance.minor", equalTo(12_34))
                .body("balance.currency", equalTo("USD"));
        fund(person.id(), 66, "USD").body("balance.minor", equalTo(13_00));

        assertThat(person.balance("USD")).isEqualTo(13_00);
        assertThat(person.balance("EUR")).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1_000_000_000_001L, 9_007_199_254_740_991L})
    void anAmountThatIsNoneOrTooMuchIsRefused(long minor) {
        var person = TestPerson.fresh();

        fund(person.id(), minor, "USD").statusCode(400).body("code", equalTo("validation-failed"));

        assertThat(person.balance("USD")).isZero();
    }

    @Test
    void theMostThatIsGivenAtOnceIsGiven() {
        fund(TestPerson.fresh().id(), 1_000_000_000_000L, "USD").statusCode(201);
    }

    @ParameterizedTest
    @CsvSource({"XTS", "usd", "''", "EURO"})
    void aCurrencyThatDoesNotExistIsRefused(String currency) {
        fund(TestPerson.fresh().id(), 1, currency).statusCode(400);
    }

    @Test
    void nobodyIsGivenNothing() {
        fund(UUID.randomUUID(), 1, "USD")
                .statusCode(404)
                .body("code", equalTo("customer-not-found"));
    }

    @Test
    void theClockIsSetForward() {
        var before = clock.instant();

        var now = advance("\"PT1M\"").statusCode(200).extract().jsonPath().getString("now");

        assertThat(Instant.parse(now)).isAfterOrEqualTo(before.plusSeconds(60));
        assertThat(clock.instant()).isAfterOrEqualTo(Instant.parse(now));
        assertThat(Duration.between(before, clock.instant())).isLessThan(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"PT-1S\"",
                "\"-PT1S\"",
                "\"P36601D\"",
                "\"1h\"",
                "\"\"",
                "null",
                "5",
                "5.5",
                "true",
                "[]",
                "\"P1Y\"",
                "\"PT99999999999999999999H\""
            })
    void anAdvanceBackwardsTooFarOrInAnotherFormIsRefused(String advance) {
        var before = Sql.<Long>value("select ahead_ms from sandbox_clock");

        advance(advance).statusCode(400).body("errors[0].pointer", equalTo("/advance"));

        assertThat(Sql.<Long>value("select ahead_ms from sandbox_clock")).isEqualTo(before);
    }

    @Test
    void theBooksAreBalanced() {
        var anna = TestPerson.with(10_00, "USD");
        anna.send(TestPerson.fresh(), 4_00, "USD", "k").statusCode(201);

        given().get("/v1/sandbox/books")
                .then()
                .statusCode(200)
                .body("balanced", equalTo(true))
                .body("findings", empty());
    }

    @Test
    void theDemoPeopleAreThereWithTheirMoney() {
        TestPerson.fresh()
                .request()
                .queryParam("handle", "ada")
                .get("/v1/people")
                .then()
                .statusCode(200)
                .body("displayName", equalTo("Ada Lovelace"));
        // The other demo people move no money in any test.
        assertThat(
                        Sql.<Long>value(
                                "select balance from account where owner ="
                                        + " (select id from customer where handle = 'grace')"))
                .isEqualTo(1_000_00);
    }

    private static ValidatableResponse messages(String phone) {
        return given().queryParam("phone", phone).get("/v1/sandbox/messages").then();
    }

    private static ValidatableResponse fund(UUID customer, long minor, String currency) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("customerId", customer, "amount", money(minor, currency)))
                .post(FUNDING)
                .then();
    }

    private static ValidatableResponse advance(String by) {
        return given().contentType(ContentType.JSON)
                .body("{\"advance\": " + by + "}")
                .post(CLOCK)
                .then();
    }

    private static String hex(String text) {
        var hex = new StringBuilder();
        text.chars().forEach(it -> hex.append("%02x".formatted(it)));
        return hex.toString();
    }
}
