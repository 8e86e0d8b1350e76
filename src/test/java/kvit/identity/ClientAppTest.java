package kvit.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import kvit.problem.Problem;
import kvit.rules.DataClass;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Front ends: how they prove who they are, and what becomes of them. */
@KvitTest
class ClientAppTest {

    private static final Duration SOON = Duration.ofSeconds(1);

    private static final AtomicInteger NEXT = new AtomicInteger();

    @Inject RegisterClient register;
    @Inject ChangeClient change;
    @Inject RotateClientSecret rotate;
    @Inject ClientApps clients;

    private enum Door {
        START {
            @Override
            ValidatableResponse knock(FrontEnd as, Begun begun) {
                return as.start(Phones.next());
            }
        },
        CONFIRM {
            @Override
            ValidatableResponse knock(FrontEnd as, Begun begun) {
                return as.confirm(begun.signIn, "000000");
            }
        },
        RESEND {
            @Override
            ValidatableResponse knock(FrontEnd as, Begun begun) {
                return as.resend(begun.signIn);
            }
        },
        REFRESH {
            @Override
            ValidatableResponse knock(FrontEnd as, Begun begun) {
                return as.refresh(begun.refreshToken);
            }
        };

        abstract ValidatableResponse knock(FrontEnd as, Begun begun);
    }

    /** What a front end has under way with people. */
    private record Begun(String signIn, String refreshToken) {}

    @Test
    void aPublicOneSignsInByItsNameAlone() {
        var mini = aPublicOne();

        var tokens = mini.signIn(Phones.next());

        me(tokens.getString("accessToken")).statusCode(200);
        mini.refresh(tokens.getString("refreshToken")).statusCode(200);
    }

    @Test
    void aConfidentialOneSignsInByItsNameAndItsSecret() {
        var bot = aConfidentialOne();
        var signIn = bot.started(Phones.next());
        TestClock.advance(Duration.ofSeconds(30));

        bot.resend(signIn).statusCode(202);
        var tokens = bot.signIn(Phones.next());

        me(tokens.getString("accessToken")).statusCode(200);
        bot.refresh(tokens.getString("refreshToken")).statusCode(200);
    }

    /** One answer for all faults: it tells nobody whether a name or a secret was wrong. */
    @ParameterizedTest
    @EnumSource(Door.class)
    void whoeverDoesNotProveToBeAFrontEndIsRefusedWithOneAnswer(Door door) {
        var bot = aConfidentialOne();
        var begun = begun(bot);
        var mini = aPublicOne();
        var begunByMini = begun(mini);
        var off = aConfidentialOne();
        var begunByOff = begun(off);
        change.change(new ChangeClient.Change(off.id(), null, null, null, ClientState.DISABLED));

        var answers = new HashSet<Object>();
        answers.add(refused(door.knock(bot.with(null), begun)));
        answers.add(refused(door.knock(bot.with(""), begun)));
        answers.add(refused(door.knock(bot.with(bot.secret() + "x"), begun)));
        answers.add(refused(door.knock(bot.with(aConfidentialOne().secret()), begun)));
        answers.add(refused(door.knock(new FrontEnd("nobody-knows-it", bot.secret()), begun)));
        answers.add(refused(door.knock(new FrontEnd("Not even a name", null), begun)));
        answers.add(refused(door.knock(new FrontEnd(null, bot.secret()), begun)));
        answers.add(refused(door.knock(mini.with(bot.secret()), begunByMini)));
        answers.add(refused(door.knock(off, begunByOff)));

        assertThat(answers).hasSize(1);
        assertThat(door.knock(bot, begun).extract().statusCode()).isNotEqualTo(401);
    }

    @Test
    void whatOneFrontEndBeganAnotherDoesNotFind() {
        var bot = aConfidentialOne();
        var phone = Phones.next();
        var signIn = bot.started(phone);
        var web = new FrontEnd(null, null);
        var other = aConfidentialOne();
        var code = TestPerson.codeOf(phone);

        for (var stranger : Set.of(web, other, aPublicOne())) {
            stranger.confirm(signIn, code)
                    .statusCode(404)
                    .body("code", equalTo("sign-in-not-found"));
            stranger.resend(signIn).statusCode(404).body("code", equalTo("sign-in-not-found"));
        }

        var refreshToken =
                bot.confirm(signIn, code).statusCode(200).extract().<String>path("refreshToken");
        for (var stranger : Set.of(web, other)) {
            stranger.refresh(refreshToken).statusCode(401).body("code", equalTo("session-revoked"));
        }
        bot.refresh(refreshToken).statusCode(200);
    }

    @Test
    void aSecretThatWasReplacedGoesOnForADay() {
        var bot = aConfidentialOne();

        var renewed = bot.with(rotate(bot, false));

        bot.signIn(Phones.next());
        renewed.signIn(Phones.next());
        TestClock.advance(Duration.ofHours(24).minusSeconds(30));
        bot.start(Phones.next()).statusCode(202);
        TestClock.advance(Duration.ofSeconds(30));
        bot.start(Phones.next()).statusCode(401).body("code", equalTo("client-unknown"));
        renewed.start(Phones.next()).statusCode(202);
    }

    @Test
    void thereAreNeverMoreThanTwoSecrets() {
        var bot = aConfidentialOne();
        var second = bot.with(rotate(bot, false));

        var third = bot.with(rotate(bot, false));

        bot.start(Phones.next()).statusCode(401);
        second.start(Phones.next()).statusCode(202);
        third.start(Phones.next()).statusCode(202);
    }

    @Test
    void aSecretThatHasLeakedEndsAtOnce() {
        var bot = aConfidentialOne();

        var renewed = bot.with(rotate(bot, true));

        bot.start(Phones.next()).statusCode(401).body("code", equalTo("client-unknown"));
        renewed.start(Phones.next()).statusCode(202);
    }

    @Test
    void aSecretHas256BitsOfChanceAndIsStoredNowhere() throws Exception {
        var bot = aConfidentialOne();

        var row =
                Sql.<String>value(
                        "select cast(c as text) from client_app c where id = ?", bot.id());

        assertThat(bot.secret()).matches("[A-Za-z0-9_-]{43}");
        var bytes = bot.secret().getBytes("UTF-8");
        assertThat(row)
                .doesNotContain(bot.secret())
                .doesNotContain(HexFormat.of().formatHex(bytes))
                .contains(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        assertThat(new ClientSecret(bot.secret()).toString()).doesNotContain(bot.secret());
    }

    @Test
    void aFrontEndThatIsSwitchedOffStopsItsSessionsSoonAndTheyGoOnAfterwards() {
        var mini = aPublicOne();
        var tokens = mini.signIn(Phones.next());
        var accessToken = tokens.getString("accessToken");
        me(accessToken).statusCode(200);

        change.change(new ChangeClient.Change(mini.id(), null, null, null, ClientState.DISABLED));

        becomes(accessToken, 401);
        me(accessToken).body("code", equalTo("session-revoked"));
        mini.refresh(tokens.getString("refreshToken"))
                .statusCode(401)
                .body("code", equalTo("client-unknown"));
        mini.start(Phones.next()).statusCode(401).body("code", equalTo("client-unknown"));

        change.change(new ChangeClient.Change(mini.id(), null, null, null, ClientState.ACTIVE));

        becomes(accessToken, 200);
        mini.refresh(tokens.getString("refreshToken")).statusCode(200);
    }

    @Test
    void otherCapabilitiesHearSoonOfWhatPassesThroughAFrontEnd() {
        var bot = aPublicOne();
        var caller = new Caller(Shown.token(UUID.randomUUID(), UUID.randomUUID(), bot.id()));
        // Whoever comes in by the door has waited for it to be known.
        me(bot.signIn(Phones.next()).getString("accessToken")).statusCode(200);
        assertThat(clients.of(caller).carries()).containsExactly("PERSONAL_DATA");

        change.change(new ChangeClient.Change(bot.id(), null, null, Set.of("TRANSFER_DATA"), null));

        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> clients.of(caller).carries().equals(Set.of("TRANSFER_DATA")));
    }

    @Test
    void whatIsNotNamedInAChangeStays() {
        var bot = aConfidentialOne();

        var view = change.change(new ChangeClient.Change(bot.id(), "Renamed", null, null, null));

        assertThat(view)
                .isEqualTo(
                        new ClientView(
                                bot.id(),
                                "Renamed",
                                "a-platform",
                                "FR",
                                true,
                                Scope.ALL,
                                Set.of("PERSONAL_DATA"),
                                ClientState.ACTIVE,
                                null));
        assertThat(clients.list()).contains(view);
        bot.start(Phones.next()).statusCode(202);
    }

    @Test
    void anIdIsRegisteredOnce() {
        var bot = aConfidentialOne();

        assertThatThrownBy(() -> register.register(registration(bot.id(), false)))
                .extracting(ClientAppTest::code)
                .isEqualTo("client-exists");

        bot.start(Phones.next()).statusCode(202);
    }

    @Test
    void whatIsNoFrontEndIsNotChanged() {
        assertThatThrownBy(
                        () ->
                                change.change(
                                        new ChangeClient.Change(
                                                "nobody-knows-it", "It", null, null, null)))
                .extracting(ClientAppTest::code)
                .isEqualTo("client-not-found");
        assertThatThrownBy(() -> rotate(new FrontEnd("nobody-knows-it", null), false))
                .extracting(ClientAppTest::code)
                .isEqualTo("client-not-found");
        assertThatThrownBy(() -> rotate(aPublicOne(), false))
                .extracting(ClientAppTest::code)
                .isEqualTo("client-not-confidential");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Web", "-a", "a b", "a\n", "шлюз"})
    void aNameThatIsNoneIsNotRegistered(String id) {
        assertInvalid("/id", () -> registration(id, false));
        assertInvalid("/client", () -> new ChangeClient.Change(id, null, null, null, null));
        assertInvalid("/client", () -> new RotateClientSecret.Rotation(id, false));
    }

    @Test
    void whatDoesNotMakeSenseIsNotRegistered() {
        var all = Scope.ALL;
        var none = Set.<String>of();
        assertInvalid("/id", () -> of(null, "A", "web", "FR", all, none));
        assertInvalid("/name", () -> of("a", null, "web", "FR", all, none));
        assertInvalid("/name", () -> of("a", " ", "web", "FR", all, none));
        assertInvalid("/name", () -> of("a", "x".repeat(81), "web", "FR", all, none));
        assertInvalid("/name", () -> of("a", "a\u202eb", "web", "FR", all, none));
        assertInvalid("/platform", () -> of("a", "A", "The Web", "FR", all, none));
        assertInvalid("/ownerCountry", () -> of("a", "A", "web", "F", all, none));
        assertInvalid("/ownerCountry", () -> of("a", "A", "web", "ZZ", all, none));
        assertInvalid("/scopes", () -> of("a", "A", "web", "FR", Set.of("customer"), none));
        assertInvalid("/scopes", () -> of("a", "A", "web", "FR", null, none));
        assertInvalid("/carries", () -> of("a", "A", "web", "FR", all, Set.of("EVERYTHING")));
        assertInvalid("/carries", () -> of("a", "A", "web", "FR", all, null));
        assertInvalid("/carries", () -> of("a", "A", "web", "FR", all, new HashSet<>(nulls())));
    }

    /** The names of the one are written down in the other, and in the table. */
    @Test
    void everyClassOfDataThatRulesKnowCanBeCarried() {
        var names =
                Arrays.stream(DataClass.values()).map(DataClass::name).collect(Collectors.toSet());
        var id = nextId();

        register.register(of(id, "All of it", "web", "US", Scope.ALL, names));

        assertThat(clients.find(id).orElseThrow().app.carries()).isEqualTo(names);
    }

    @Test
    void theTableRefusesWhatCannotBe() {
        var bot = aConfidentialOne().id();
        var mini = aPublicOne().id();
        for (var fault :
                new String[] {
                    "secret_hash = null",
                    "confidential = false",
                    "secret_hash = '\\x00'",
                    "previous_secret_hash = sha256('a')",
                    "previous_secret_ends_at = now()",
                    "previous_secret_hash = secret_hash, previous_secret_ends_at = now()",
                    "scopes = '{everything}'",
                    "scopes = array[null]",
                    "carries = '{EVERYTHING}'",
                    "platform = 'A Platform'",
                    "name = ''",
                    "state = 'GONE'"
                }) {
            assertRefused("update client_app set " + fault + " where id = '" + bot + "'", "23514");
        }
        assertRefused(
                "update client_app set secret_hash = sha256('a') where id = '" + mini + "'",
                "23514");
        assertRefused(
                "update client_app set confidential = true, secret_hash = sha256('a')"
                        + " where id = 'web'",
                "23514");
        assertRefused("update customer set tier = 'FRIEND'", "23514");
    }

    /** What decides about people's money and data is not changed under way. */
    @Test
    void theServiceCannotMakeAnotherFrontEndOfOne() throws SQLException {
        for (var column : new String[] {"id", "platform", "owner_country", "confidential"}) {
            try (var connection = Sql.asApp();
                    var statement = connection.createStatement()) {
                assertThatThrownBy(
                                () ->
                                        statement.execute(
                                                "update client_app set %1$s = %1$s"
                                                        .formatted(column)))
                        .as(column)
                        .isInstanceOf(SQLException.class)
                        .extracting(it -> ((SQLException) it).getSQLState())
                        .isEqualTo("42501");
            }
        }
    }

    private FrontEnd aPublicOne() {
        var id = nextId();
        assertThat(register.register(registration(id, false))).isEmpty();
        return new FrontEnd(id, null);
    }

    private FrontEnd aConfidentialOne() {
        var id = nextId();
        return new FrontEnd(id, register.register(registration(id, true)).orElseThrow().value());
    }

    private static String nextId() {
        return "client-app-test-" + NEXT.getAndIncrement();
    }

    private static RegisterClient.Registration registration(String id, boolean isConfidential) {
        return new RegisterClient.Registration(
                id,
                "A front end",
                "a-platform",
                "FR",
                isConfidential,
                Scope.ALL,
                Set.of("PERSONAL_DATA"));
    }

    private static RegisterClient.Registration of(
            String id,
            String name,
            String platform,
            String country,
            Set<String> scopes,
            Set<String> carries) {
        return new RegisterClient.Registration(id, name, platform, country, false, scopes, carries);
    }

    private static List<String> nulls() {
        return Collections.singletonList(null);
    }

    private String rotate(FrontEnd of, boolean isLeaked) {
        return rotate.rotate(new RotateClientSecret.Rotation(of.id(), isLeaked)).value();
    }

    private static Begun begun(FrontEnd by) {
        return new Begun(
                by.started(Phones.next()), by.signIn(Phones.next()).getString("refreshToken"));
    }

    /** The answer, without what is different in any two of them. */
    private static Map<String, Object> refused(ValidatableResponse answer) {
        var body =
                answer.statusCode(401)
                        .header("WWW-Authenticate", "Bearer")
                        .body("code", equalTo("client-unknown"))
                        .extract()
                        .jsonPath()
                        .<String, Object>getMap("");
        body.remove("requestId");
        return body;
    }

    private static ValidatableResponse me(String accessToken) {
        return given().header("Authorization", "Bearer " + accessToken).get("/v1/me").then();
    }

    private static void becomes(String accessToken, int status) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> me(accessToken).extract().statusCode() == status);
    }

    private static void assertInvalid(String pointer, Runnable making) {
        assertThatThrownBy(making::run)
                .hasMessageStartingWith(pointer + " ")
                .extracting(ClientAppTest::code)
                .isEqualTo("validation-failed");
    }

    private static void assertRefused(String sql, String state) {
        assertThatThrownBy(() -> Sql.run(sql))
                .as(sql)
                .hasCauseInstanceOf(SQLException.class)
                .extracting(it -> ((SQLException) it.getCause()).getSQLState())
                .isEqualTo(state);
    }

    private static String code(Throwable refusal) {
        return ((Problem) refusal).type().code();
    }
}
