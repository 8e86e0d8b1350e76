package kvit.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import kvit.identity.Guard.Kind;
import kvit.operate.Passwords;
import kvit.operate.Passwords.Whose;
import kvit.source.Clock;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.RawHttp;
import kvit.support.Sql;
import kvit.support.TestCards;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@KvitTest
class PinTest {

    private static final String PIN = "738201";
    private static final String OTHER = "590386";
    private static final String WRONG = "184027";

    @Inject Passwords passwords;
    @Inject PinStore store;
    @Inject Guesses guesses;
    @Inject CheckPin checkPin;
    @Inject Pins pins;
    @Inject Clock clock;
    @Inject TestCards cards;

    TestPerson anna;

    @BeforeEach
    void somebody() {
        anna = TestPerson.fresh();
    }

    @Test
    void whoHasNoneSetsOneAndWhoHasOneNeedsItForAnother() {
        anna.get("/v1/me").body("pinSet", equalTo(false));
        put(anna, PIN, null).statusCode(204).body(equalTo(""));
        anna.get("/v1/me").statusCode(200).body("pinSet", equalTo(true));
        TestPerson.signIn(anna.phone());

        later();
        var missing = put(anna, OTHER, null).statusCode(422).extract();
        var wrong = put(anna, OTHER, WRONG).statusCode(422).extract();
        assertThat(missing.<String>path("code")).isEqualTo("pin-wrong");
        assertThat(missing.<String>path("detail")).isEqualTo(wrong.path("detail"));
        assertThat(missing.<Map<String, Object>>path("").keySet())
                .isEqualTo(wrong.<Map<String, Object>>path("").keySet());
        put(anna, OTHER, PIN).statusCode(204);

        assertThat(pins.refusal(anna.id(), PIN)).isNotNull();
        assertThat(pins.refusal(anna.id(), OTHER)).isNull();
        assertThat(events(anna)).containsExactly("PinChanged", "PinChanged");
        anna.get("/v1/me").statusCode(200);
    }

    /** NIST and OWASP's figures, as they can be read from what is stored. */
    @Test
    void whatIsStoredIsASlowHashWithASaltAndAPepper() {
        put(anna, PIN, null).statusCode(204);
        var boris = TestPerson.fresh();
        put(boris, PIN, null).statusCode(204);

        var phc = hash(anna);
        var parts =
                Pattern.compile(
                                "\\$argon2id\\$v=19\\$m=(\\d+),t=(\\d+),p=(\\d+)"
                                        + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)")
                        .matcher(phc);
        assertThat(parts.matches()).as(phc).isTrue();
        assertThat(Integer.parseInt(parts.group(1))).isGreaterThanOrEqualTo(19 * 1024);
        assertThat(Integer.parseInt(parts.group(2))).isGreaterThanOrEqualTo(2);
        assertThat(Integer.parseInt(parts.group(3))).isGreaterThanOrEqualTo(1);
        assertThat(Base64.getDecoder().decode(parts.group(4))).hasSizeGreaterThanOrEqualTo(16);
        assertThat(Base64.getDecoder().decode(parts.group(5))).hasSizeGreaterThanOrEqualTo(32);
        assertThat(hash(boris).split("\\$")[4]).isNotEqualTo(parts.group(4));
        // Without the pepper it is a hash of something else.
        assertThat(passwords.matches(Whose.CUSTOMERS, PIN, phc)).isFalse();
        var pepper = Sql.<String>value("select pepper from pin where customer = ?", anna.id());
        var config = ConfigProvider.getConfig();
        assertThat(config.getValue("kvit.identity.pin-pepper", String.class))
                .isNotEqualTo(config.getValue("kvit.secret", String.class))
                .doesNotContain(pepper);
    }

    /** A table of hashes that were mixed up lets nobody in as somebody else. */
    @Test
    void aHashInAnothersRowIsWrong() {
        var boris = TestPerson.fresh();
        put(anna, PIN, null).statusCode(204);
        put(boris, PIN, null).statusCode(204);
        Sql.run("update pin set hash = ? where customer = ?", hash(anna), boris.id());
        assertThat(pins.refusal(boris.id(), PIN)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345", "1234567", "12345a", "", " 12345", "١٢٣٤٥٦"})
    void whatIsNotSixDigitsIsNoPin(String pin) {
        put(anna, pin, null).statusCode(400).body("code", equalTo("validation-failed"));
        put(anna, PIN, pin).statusCode(400).body("code", equalTo("validation-failed"));
        anna.get("/v1/me").body("pinSet", equalTo(false));
    }

    @Test
    void aNumberIsNoPinAndIsNotQuoted() {
        anna.request()
                .contentType(ContentType.JSON)
                .body("{\"pin\": 738201}")
                .put("/v1/me/pin")
                .then()
                .statusCode(400)
                .body(not(containsString("738201")));
    }

    @Test
    void aWeakPinIsRefusedWithoutBeingQuotedAndKeepsNothing() {
        anna.request()
                .contentType(ContentType.JSON)
                .body(Map.of("birthDate", "1984-07-03"))
                .patch("/v1/me")
                .then()
                .statusCode(200)
                .body("pinSet", equalTo(false));
        var own = anna.phone().substring(anna.phone().length() - 6);
        for (var weak : List.of("123456", "030784", own)) {
            put(anna, weak, null)
                    .statusCode(422)
                    .body("code", equalTo("pin-weak"))
                    .body(not(containsString(weak)));
        }
        anna.get("/v1/me").body("pinSet", equalTo(false));

        put(anna, PIN, null).statusCode(204);
        later();
        // Whether it is weak tells of the phone, so it is told to whoever has the PIN of now.
        put(anna, own, WRONG).statusCode(422).body("code", equalTo("pin-wrong"));
        put(anna, own, PIN).statusCode(422).body("code", equalTo("pin-weak"));
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
        assertThat(failures(anna)).isZero();
    }

    /** An answer gets lost, and the client asks again: that is no guess, however often. */
    @Test
    void theSameRequestAgainIsTheSameAnswerAndLocksNobodyOut() {
        for (var i = 0; i < 7; i++) {
            put(anna, PIN, null).statusCode(204);
        }
        for (var i = 0; i < 7; i++) {
            put(anna, OTHER, PIN).statusCode(204);
        }
        for (var i = 0; i < 7; i++) {
            put(anna, OTHER, OTHER).statusCode(204);
        }
        assertThat(failures(anna)).isZero();
        assertThat(events(anna)).containsExactly("PinChanged", "PinChanged");
        // And back at once.
        put(anna, PIN, OTHER).statusCode(204);
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
    }

    @Test
    void twoWhoSetTheFirstOneAtOnceHaveOne() throws Exception {
        var answers =
                Race.run(
                        2,
                        List.<Callable<Integer>>of(
                                () -> putStatus(anna, PIN, null),
                                () -> putStatus(anna, OTHER, null)));
        assertThat(answers).containsExactlyInAnyOrder(204, 422);
        assertThat(events(anna)).containsExactly("PinChanged");
    }

    @Test
    void theDelayGrowsFromHalfAMinuteToAnHour() {
        put(anna, PIN, null).statusCode(204);
        for (var i = 0; i < 5; i++) {
            assertThat(wrongPin(anna)).isEqualTo("pin-wrong");
        }
        var expected = Duration.ofSeconds(30);
        for (var i = 0; i < 8; i++) {
            var refusal = pins.refusal(anna.id(), PIN);
            assertThat(refusal.type()).isEqualTo(IdentityProblem.PIN_LOCKED);
            assertThat(((Number) refusal.member("retryAfter")).longValue())
                    .isBetween(expected.toSeconds() - 10, expected.toSeconds());
            TestClock.advance(expected.plusSeconds(1));
            if (i < 7) {
                assertThat(wrongPin(anna)).isEqualTo("pin-wrong");
            }
            var doubled = expected.multipliedBy(2);
            expected = doubled.compareTo(Duration.ofHours(1)) < 0 ? doubled : Duration.ofHours(1);
        }
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
        assertThat(failures(anna)).isZero();
        assertThat(wrongPin(anna)).isEqualTo("pin-wrong");
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
    }

    @Test
    void lockedIs429AndSaysForHowLong() {
        put(anna, PIN, null).statusCode(204);
        later();
        for (var i = 0; i < 5; i++) {
            put(anna, OTHER, WRONG).statusCode(422);
        }
        var locked =
                put(anna, OTHER, PIN)
                        .statusCode(429)
                        .body("code", equalTo("pin-locked"))
                        .body("retryable", equalTo(true))
                        .body("retryAfter", lessThanOrEqualTo(30))
                        .extract();
        assertThat(locked.header("Retry-After")).isEqualTo(locked.path("retryAfter").toString());
    }

    /** RTS (EU) 2018/389, article 4(3)(b): whatever is guessed at. */
    @Test
    void fiveFailuresInARowOverPinAndCardLockBothAndSigningIn() {
        put(anna, PIN, null).statusCode(204);
        cards.add(anna.id(), "4242");
        var signIn = TestPerson.startSignIn(anna.phone()).extract().<String>path("id");
        var code = TestPerson.codeOf(anna.phone());
        for (var i = 0; i < 3; i++) {
            put(anna, OTHER, WRONG).statusCode(422).body("code", equalTo("pin-wrong"));
        }
        reset(anna, OTHER, "4243").statusCode(422).body("code", equalTo("card-digits-wrong"));
        reset(anna, OTHER, "4243").statusCode(422).body("code", equalTo("card-digits-wrong"));

        put(anna, OTHER, PIN).statusCode(429).body("code", equalTo("pin-locked"));
        reset(anna, OTHER, "4242").statusCode(429).body("code", equalTo("pin-locked"));
        TestPerson.confirm(signIn, code).statusCode(429).body("code", equalTo("too-many-attempts"));
        TestClock.advance(Duration.ofSeconds(31));
        TestPerson.confirm(signIn, code).statusCode(200);
    }

    /** O-10: anybody can type wrong codes for a phone; whoever is signed in pays on. */
    @Test
    void whoTypesWrongCodesForAnothersPhoneLocksSigningInAndNotThePin() {
        put(anna, PIN, null).statusCode(204);
        cards.add(anna.id(), "4242");
        var signIn = TestPerson.startSignIn(anna.phone()).extract().<String>path("id");
        var code = TestPerson.codeOf(anna.phone());
        for (var i = 0; i < 5; i++) {
            TestPerson.confirm(signIn, wrong(code)).statusCode(422);
        }
        var later = TestPerson.startSignIn(anna.phone()).extract().<String>path("id");
        TestPerson.confirm(later, TestPerson.codeOf(anna.phone())).statusCode(429);

        assertThat(wrongPin(anna)).isEqualTo("pin-wrong");
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
        put(anna, OTHER, PIN).statusCode(204);
        // A reset rests on the sign-in, so it waits with it; and a right PIN is no right code.
        reset(anna, PIN, "4242").statusCode(429).body("code", equalTo("pin-locked"));
        TestPerson.confirm(later, TestPerson.codeOf(anna.phone())).statusCode(429);
    }

    /** Otherwise whoever has only the phone could guess at the PIN for ever. */
    @Test
    void aSuccessForgivesTheFailuresOfItsOwnKindOnly() {
        put(anna, PIN, null).statusCode(204);
        for (var i = 0; i < 4; i++) {
            assertThat(wrongPin(anna)).isEqualTo("pin-wrong");
        }
        TestPerson.signIn(anna.phone());
        assertThat(failures(anna)).isEqualTo(4);
        assertThat(wrongPin(anna)).isEqualTo("pin-wrong");
        assertThat(wrongPin(anna)).isEqualTo("pin-locked");

        TestClock.advance(Duration.ofSeconds(31));
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
        assertThat(failures(anna)).isZero();

        cards.add(anna.id(), "4242");
        anna = TestPerson.signIn(anna.phone());
        reset(anna, OTHER, "4243").statusCode(422);
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
        assertThat(failures(anna)).isEqualTo(1);
    }

    /** A PIN that was right all the time keeps no old failure alive. */
    @Test
    void failuresOfOneKindAreForgivenADayLaterWhateverElseIsRight() {
        put(anna, PIN, null).statusCode(204);
        Sql.run(
                "insert into phone_guard (phone, failures, failed_at, card_failures, card_failed_at) "
                        + "values (?, 0, 'epoch', 4, ?)",
                anna.phone(),
                Timestamp.from(clock.instant().minus(Duration.ofHours(25))));
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
        reset(anna, OTHER, "4243").statusCode(422).body("code", equalTo("card-digits-wrong"));
        assertThat(failures(anna)).isEqualTo(1);
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
    }

    /** And who died while it was looked at has locked nobody out. */
    @Test
    void whileTheFifthTryIsLookedAtOthersWaitForSeconds() {
        put(anna, PIN, null).statusCode(204);
        for (var i = 0; i < 4; i++) {
            assertThat(wrongPin(anna)).isEqualTo("pin-wrong");
        }
        checkPin.count(anna.id(), Kind.PIN);
        put(anna, OTHER, PIN)
                .statusCode(429)
                .body("code", equalTo("pin-locked"))
                .body("retryAfter", lessThanOrEqualTo(5));
        TestClock.advance(Duration.ofSeconds(5));
        put(anna, OTHER, PIN).statusCode(204);
        assertThat(failures(anna)).isZero();
    }

    /** For ten minutes after a change the request may be the one that made it. */
    @Test
    void aRequestIsOneTryAndThePinOfNowIsLookedAtFirst() {
        put(anna, PIN, null).statusCode(204);
        for (var i = 0; i < 4; i++) {
            put(anna, OTHER, WRONG).statusCode(422).body("code", equalTo("pin-wrong"));
        }
        assertThat(failures(anna)).isEqualTo(4);
        put(anna, OTHER, PIN).statusCode(204);
        assertThat(failures(anna)).isZero();
    }

    /** Whoever has stolen an access token confirms nothing by it. */
    @Test
    void theFirstPinTakesASignInOfJustNow() {
        TestClock.advance(Duration.ofMinutes(11));
        var stolen = refreshed(anna);
        put(stolen, PIN, null).statusCode(422).body("code", equalTo("sign-in-too-old"));
        put(stolen, "123456", null).statusCode(422).body("code", equalTo("sign-in-too-old"));
        put(stolen, PIN, PIN).statusCode(422).body("code", equalTo("pin-wrong"));
        assertThat(store.isSet(anna.id())).isFalse();

        put(TestPerson.signIn(anna.phone()), PIN, null).statusCode(204);
        // Another one takes the one of now instead, and asking again what is done already nothing.
        put(stolen, PIN, null).statusCode(204);
        put(stolen, OTHER, PIN).statusCode(204);
    }

    @Test
    void theOwnerIsToldByPhoneAndNeverWhatItIs() {
        anna.request()
                .contentType(ContentType.JSON)
                .body(Map.of("locale", "fr-CH"))
                .patch("/v1/me")
                .then()
                .statusCode(200);
        put(anna, PIN, null).statusCode(204);
        put(anna, OTHER, PIN).statusCode(204);
        cards.add(anna.id(), "4242");
        reset(anna, PIN, "4242").statusCode(204);
        await().atMost(Duration.ofSeconds(20)).until(() -> notices(anna).size() == 3);
        assertThat(String.join("\n", notices(anna)))
                .contains("a été défini", "a été modifié", "a été réinitialisé")
                .doesNotContain(PIN, OTHER);
    }

    /** Each costs, and whoever has the PIN could send them for ever; codes are another matter. */
    @Test
    void aFewNoticesOfChangesADayAreEnoughAndUseUpNoCodes() {
        put(anna, PIN, null).statusCode(204);
        for (var i = 0; i < 3; i++) {
            put(anna, OTHER, PIN).statusCode(204);
            put(anna, PIN, OTHER).statusCode(204);
        }
        assertThat(
                        Sql.<String>column(
                                "select payload::json ->> 'isTold' from outbox where key = ? "
                                        + "order by created_at, id",
                                anna.id()))
                .containsExactly("true", "true", "true", "false", "false", "false", "false");
        TestPerson.signIn(anna.phone());
    }

    private static List<String> notices(TestPerson person) {
        return given().queryParam("phone", person.phone())
                .get("/v1/sandbox/messages")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.findAll { it.code == null }.text", String.class);
    }

    /** Whoever is turned away for want of a place to hash comes again, and has lost no try. */
    @Test
    void ofFiftyGuessesAtOnceFiveAreLookedAt() throws Exception {
        put(anna, PIN, null).statusCode(204);
        later();
        var guesses = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < 50; i++) {
            var guess = "6%05d".formatted(10_000 + 37 * i);
            guesses.add(
                    () -> {
                        var status = putStatus(anna, OTHER, guess);
                        while (status == 503) {
                            status = putStatus(anna, OTHER, guess);
                        }
                        return status;
                    });
        }
        var answers = Race.run(50, guesses);

        assertThat(answers.stream().filter(it -> it == 422)).hasSize(5);
        assertThat(answers.stream().filter(it -> it == 429)).hasSize(45);
        assertThat(failures(anna)).isEqualTo(5);
    }

    /**
     * With the places to hash taken, people who want one are told to come again, and counted not;
     * who is locked is told so at once.
     */
    @Test
    void whileOthersHashTransfersGoOnAndNoTryCounts() {
        put(anna, PIN, null).statusCode(204);
        var payer = TestPerson.with(10_00, "USD");
        var locked = TestPerson.fresh();
        for (var i = 0; i < 5; i++) {
            reset(locked, PIN, "0000").statusCode(422);
        }
        cards.add(anna.id(), "4242");
        try (var one = passwords.turn(Whose.CUSTOMERS);
                var two = passwords.turn(Whose.CUSTOMERS)) {
            put(anna, OTHER, PIN)
                    .statusCode(503)
                    .header("Retry-After", "1")
                    .body("code", equalTo("unavailable"));
            reset(anna, OTHER, "4242").statusCode(503);
            put(locked, OTHER, PIN).statusCode(429);
            payer.send(anna, 1_00, "USD", "k").statusCode(201);
            assertThat(one).isNotSameAs(two);
        }
        assertThat(failures(anna)).isZero();
        put(anna, OTHER, PIN).statusCode(204);
    }

    private record Timed(int status, Duration took) {}

    private static Timed timed(Callable<Integer> call) throws Exception {
        var start = System.nanoTime();
        var status = call.call();
        return new Timed(status, Duration.ofNanos(System.nanoTime() - start));
    }

    @Test
    void sixteenChangesAtOnceLeaveTransfersGoing() throws Exception {
        var people = new ArrayList<TestPerson>();
        for (var i = 0; i < 16; i++) {
            people.add(TestPerson.fresh());
        }
        var payer = TestPerson.with(100_00, "USD");
        var calls = new ArrayList<Callable<Timed>>();
        people.forEach(it -> calls.add(() -> timed(() -> putStatus(it, PIN, null))));
        for (var i = 0; i < 16; i++) {
            var json =
                    "{\"payee\": {\"customerId\": \"%s\"}, \"amount\": {\"minor\": 1, \"currency\": \"USD\"}}"
                            .formatted(people.get(i).id());
            var key = "k" + i;
            calls.add(() -> timed(() -> Http.post(payer, "/v1/transfers", key, json).statusCode()));
        }
        var answers = Race.run(32, calls);

        assertThat(answers.subList(16, 32))
                .allSatisfy(
                        it -> {
                            assertThat(it.status()).isEqualTo(201);
                            assertThat(it.took()).isLessThan(Duration.ofSeconds(3));
                        });
        // Two get a place at once, and a few more within their patience.
        var set = answers.subList(0, 16).stream().filter(it -> it.status() == 204).count();
        assertThat(set).isGreaterThanOrEqualTo(2);
        assertThat(answers.subList(0, 16)).extracting(Timed::status).isSubsetOf(204, 503);
        assertThat(people.stream().filter(it -> store.isSet(it.id())).count()).isEqualTo(set);
        people.forEach(it -> put(it, PIN, null).statusCode(204));
    }

    /** Once the owner is there, a hash gets from the old pepper to the new one. */
    @Test
    void aRetiredPepperIsReplacedWhenThePinIsTyped() {
        put(anna, PIN, null).statusCode(204);
        var today = ConfigProvider.getConfig().getValue("kvit.identity.pin-pepper", String.class);
        var next =
                Base64.getEncoder()
                        .encodeToString(
                                "tomorrow's pepper, 32 bytes or so"
                                        .getBytes(StandardCharsets.UTF_8));
        var before = hash(anna);

        assertThat(pins(Map.of("pin-pepper", next)).refusal(anna.id(), PIN)).isNotNull();
        var both = Map.of("pin-pepper", next, "retired-pin-peppers", today);
        assertThat(pins(both).refusal(anna.id(), WRONG)).isNotNull();
        assertThat(hash(anna)).isEqualTo(before);
        assertThat(pins(both).refusal(anna.id(), PIN)).isNull();

        assertThat(hash(anna)).isNotEqualTo(before);
        assertThat(pins(Map.of("pin-pepper", next)).refusal(anna.id(), PIN)).isNull();
        assertThat(pins.refusal(anna.id(), PIN)).isNotNull();
    }

    private Pins pins(Map<String, String> settings) {
        var peppers = new Peppers(TestConfig.identity(settings));
        var checkPin = new CheckPin(store, peppers, passwords, guesses, clock);
        return new Pins(store, checkPin, peppers, passwords);
    }

    @Test
    void whoHasForgottenItSignsInAnewAndNamesACard() {
        put(anna, PIN, null).statusCode(204);
        cards.add(anna.id(), "4242");
        assertThat(pins.payoutsHeldUntil(anna.id())).isEmpty();
        TestClock.advance(Duration.ofMinutes(9));
        var other = TestPerson.signIn(anna.phone());
        TestClock.advance(Duration.ofMinutes(2));

        // More than ten minutes after the first sign-in, whose token is too old as well.
        var fresh = refreshed(anna);
        reset(fresh, OTHER, "4242").statusCode(422).body("code", equalTo("sign-in-too-old"));
        reset(other, OTHER, "4242").statusCode(204).body(equalTo(""));

        assertThat(pins.refusal(anna.id(), OTHER)).isNull();
        assertThat(pins.refusal(anna.id(), PIN)).isNotNull();
        assertThat(pins.payoutsHeldUntil(anna.id()).orElseThrow())
                .isBetween(
                        clock.instant().plus(Duration.ofMinutes(1439)),
                        clock.instant().plus(Duration.ofHours(24)));
        assertThat(events(anna)).containsExactly("PinChanged", "PinReset");
        fresh.get("/v1/me").statusCode(401).body("code", equalTo("session-revoked"));
        other.get("/v1/me").statusCode(200);

        // The hold is over by itself, and not by another PIN.
        put(other, PIN, OTHER).statusCode(204);
        assertThat(pins.payoutsHeldUntil(anna.id())).isPresent();
        reset(TestPerson.signIn(anna.phone()), OTHER, "4242").statusCode(204);
    }

    /** Without a key: a duplicate that comes late turns nothing back. */
    @Test
    void aSessionResetsOnceAndTheSameRequestAgainDoesNothing() {
        cards.add(anna.id(), "4242");
        reset(anna, PIN, "4242").statusCode(204);
        var other = TestPerson.signIn(anna.phone());
        for (var i = 0; i < 7; i++) {
            reset(anna, PIN, "4242").statusCode(204);
        }
        assertThat(failures(anna)).isZero();
        assertThat(events(anna)).containsExactly("PinReset");
        other.get("/v1/me").statusCode(200);

        put(anna, OTHER, PIN).statusCode(204);
        reset(anna, PIN, "4242").statusCode(422).body("code", equalTo("sign-in-too-old"));
        // It has told whether a PIN is right, so it counts.
        assertThat(failures(anna)).isEqualTo(1);
        assertThat(pins.refusal(anna.id(), OTHER)).isNull();
        reset(other, PIN, "4242").statusCode(204);
        reset(anna, OTHER, "4242").statusCode(401).body("code", equalTo("session-revoked"));
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
    }

    @Test
    void oneResetThatComesManyTimesAtOnceIsOne() throws Exception {
        cards.add(anna.id(), "4242");
        var answers =
                Race.run(
                        4,
                        4,
                        () -> {
                            var status = resetStatus(anna, PIN, "4242");
                            while (status == 503) {
                                status = resetStatus(anna, PIN, "4242");
                            }
                            return status;
                        });
        assertThat(answers).containsOnly(204);
        assertThat(events(anna)).containsExactly("PinReset");
        assertThat(failures(anna)).isZero();
    }

    /** Otherwise whoever has the card could go on guessing the PIN for ever. */
    @Test
    void rightDigitsForgiveNothingUntilThePinIsReset() {
        put(anna, PIN, null).statusCode(204);
        cards.add(anna.id(), "4242");
        for (var i = 0; i < 3; i++) {
            assertThat(wrongPin(anna)).isEqualTo("pin-wrong");
        }
        reset(anna, OTHER, "4243").statusCode(422).body("code", equalTo("card-digits-wrong"));
        for (var i = 0; i < 3; i++) {
            reset(anna, "123456", "4242").statusCode(422).body("code", equalTo("pin-weak"));
        }
        assertThat(failures(anna)).isEqualTo(4);
        reset(anna, OTHER, "4242").statusCode(204);
        assertThat(failures(anna)).isZero();
    }

    @Test
    void wrongDigitsCountAndLookLikeNobodysCard() {
        put(anna, PIN, null).statusCode(204);
        var boris = TestPerson.fresh();
        cards.add(anna.id(), "4242");
        var wrong = reset(anna, OTHER, "4243").statusCode(422).extract();
        var none = reset(boris, OTHER, "4242").statusCode(422).extract();
        assertThat(wrong.<String>path("code")).isEqualTo("card-digits-wrong");
        assertThat(none.<String>path("code")).isEqualTo("card-digits-wrong");
        assertThat(none.<String>path("detail")).isEqualTo(wrong.path("detail"));
        assertThat(failures(anna)).isEqualTo(1);
        assertThat(failures(boris)).isEqualTo(1);
        for (var i = 0; i < 4; i++) {
            reset(anna, OTHER, "4243").statusCode(422);
        }
        reset(anna, OTHER, "4242").statusCode(429).body("code", equalTo("pin-locked"));
        TestClock.advance(Duration.ofSeconds(31));
        reset(anna, "123456", "4242").statusCode(422).body("code", equalTo("pin-weak"));
        assertThat(failures(anna)).isEqualTo(5);
        assertThat(pins.refusal(anna.id(), PIN)).isNull();
        reset(anna, "12345", "4242").statusCode(400);
        reset(anna, OTHER, "424").statusCode(400).body(not(containsString(OTHER)));
    }

    @Test
    void ofTwoDevicesThatResetAtOnceOneGoesOn() throws Exception {
        var other = TestPerson.signIn(anna.phone());
        cards.add(anna.id(), "4242");
        var answers =
                Race.run(
                        2,
                        List.<Callable<Integer>>of(
                                () -> resetStatus(anna, PIN, "4242"),
                                () -> resetStatus(other, OTHER, "4242")));
        assertThat(answers).containsExactlyInAnyOrder(204, 401);
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from session where customer = ? and revoked_at is null",
                                anna.id()))
                .isEqualTo(1);
    }

    @Test
    void whoHasNotSignedInSetsNone() throws Exception {
        assertThat(RawHttp.post("/v1/me/pin/reset", "{}").statusCode()).isEqualTo(401);
        var put = RawHttp.request("/v1/me/pin").PUT(BodyPublishers.ofString("{}"));
        assertThat(RawHttp.send(put.header("Content-Type", "application/json")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void noPinIsKeptInClear() {
        var pin = "940617";
        put(anna, pin, null).statusCode(204);
        put(anna, OTHER, pin).statusCode(204);
        put(anna, pin, OTHER).statusCode(204);
        for (var table :
                Sql.<String>column(
                        "select table_name::text from information_schema.tables "
                                + "where table_schema = 'public' and table_type = 'BASE TABLE'")) {
            assertThat(
                            Sql.<Long>value(
                                    "select count(*) from \"" + table + "\" t where t::text ~ ?",
                                    "(^|[^0-9a-f.-])" + pin + "([^0-9a-f-]|$)"))
                    .as(table)
                    .isZero();
        }
        assertThat(Sql.<String>column("select payload::text from outbox where key = ?", anna.id()))
                .hasSize(3)
                .allSatisfy(it -> assertThat(it).doesNotContain(pin));
        assertThat(new PinResource.PinRequest(pin, pin).toString()).doesNotContain(pin);
        assertThat(new PinResource.PinResetRequest(pin, "4242").toString()).doesNotContain(pin);
    }

    /**
     * Written by hand or by a mistake, neither a PIN nor a fast hash of one gets into the table.
     */
    @Test
    void theTableTakesNothingButASlowHash() {
        for (var hash :
                List.of(PIN, "$2a$10$abc", "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3")) {
            assertThatThrownBy(() -> store.insert(anna.id(), hash, "00000000", Instant.EPOCH))
                    .hasMessageContaining("23514");
        }
    }

    /** Longer than a change may be repeated. */
    private void later() {
        Sql.run(
                "update pin set set_at = set_at - interval '10 minutes' where customer = ?",
                anna.id());
    }

    private static ValidatableResponse put(TestPerson person, String pin, String currentPin) {
        return person.request()
                .contentType(ContentType.JSON)
                .body(body(pin, currentPin))
                .put("/v1/me/pin")
                .then();
    }

    private static int putStatus(TestPerson person, String pin, String currentPin)
            throws Exception {
        return RawHttp.send(
                        RawHttp.request("/v1/me/pin")
                                .header("Authorization", "Bearer " + person.accessToken())
                                .header("Content-Type", "application/json")
                                .PUT(BodyPublishers.ofString(body(pin, currentPin))))
                .statusCode();
    }

    private static String body(String pin, String currentPin) {
        return currentPin == null
                ? "{\"pin\": \"%s\"}".formatted(pin)
                : "{\"pin\": \"%s\", \"currentPin\": \"%s\"}".formatted(pin, currentPin);
    }

    private static ValidatableResponse reset(TestPerson person, String pin, String cardLast4) {
        return person.request()
                .contentType(ContentType.JSON)
                .body(Map.of("pin", pin, "cardLast4", cardLast4))
                .post("/v1/me/pin/reset")
                .then();
    }

    private static int resetStatus(TestPerson person, String pin, String cardLast4) {
        var json = "{\"pin\": \"%s\", \"cardLast4\": \"%s\"}".formatted(pin, cardLast4);
        return Http.post(person, "/v1/me/pin/reset", null, json).statusCode();
    }

    private static TestPerson refreshed(TestPerson person) {
        var token =
                given().contentType(ContentType.JSON)
                        .body(Map.of("refreshToken", person.refreshToken()))
                        .post("/v1/sessions/refresh")
                        .then()
                        .statusCode(200)
                        .body("customer.pinSet", nullValue())
                        .extract()
                        .<String>path("accessToken");
        return new TestPerson(person.phone(), person.id(), token, "", false);
    }

    private String wrongPin(TestPerson person) {
        return pins.refusal(person.id(), WRONG).type().code();
    }

    private static String wrong(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    private static String hash(TestPerson person) {
        return Sql.value("select hash from pin where customer = ?", person.id());
    }

    private static long failures(TestPerson person) {
        return Sql.<Long>value(
                "select coalesce(sum(failures + confirmation_failures + pin_failures + card_failures), 0) "
                        + "from phone_guard where phone = ?",
                person.phone());
    }

    private static List<String> events(TestPerson person) {
        return Sql.column(
                "select topic from outbox where key = ? order by created_at, id", person.id());
    }
}
