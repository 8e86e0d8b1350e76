package kvit.operate;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.crypto.spec.SecretKeySpec;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import kvit.throttle.RateLimits;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the people who answer for the money come in, and how nobody else does. */
@KvitTest
class OperatorTest {

    @Inject InviteOperator inviteOperator;
    @Inject Passwords passwords;
    @Inject Operators operators;
    @Inject OperatorGuards guards;
    @Inject SignInOperator signInOperator;
    @Inject OperatorSessions sessions;
    @Inject OneTimeCodes codes;
    @Inject RateLimits limits;
    @Inject Issuer issuer;
    @Inject AuditTrail audit;
    @Inject Clock clock;

    /** Nothing is configured, and no mode has defaults of its own. */
    private static final OperateConfig OPERATE_LIVE =
            new SmallRyeConfigBuilder()
                    .withMapping(OperateConfig.class)
                    .build()
                    .getConfigMapping(OperateConfig.class);

    @Test
    void aDemoOperatorSignsInAndOut() {
        var signedIn =
                TestOperator.signIn("Admin@kvit.example ", "correct horse battery staple", "123456")
                        .statusCode(200)
                        .body("operator.email", equalTo("admin@kvit.example"))
                        .body("operator.roles", equalTo(List.of("admin")))
                        .body("tokenType", equalTo("Bearer"))
                        .body("expiresIn", equalTo(900));
        var admin = new TestOperator("", signedIn.extract().path("accessToken"));
        admin.get("/v1/admin/me").statusCode(200).body("name", equalTo("Ada Admin"));
        admin.request().delete("/v1/admin/sessions/current").then().statusCode(204);
        admin.get("/v1/admin/me").statusCode(401).body("code", equalTo("unauthenticated"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"support", "finance", "approver", "admin"})
    void aSandboxHasOneOfEachRole(String role) {
        TestOperator.signIn(role + "@kvit.example", "correct horse battery staple", null)
                .statusCode(200)
                .body("operator.roles", equalTo(List.of(role)));
    }

    /** Two halves of one thing: whoever knows one learns nothing of the other. */
    @Test
    void wrongUnknownAndLockedAreOneAnswer() {
        var email = TestOperator.seeded(Role.SUPPORT);
        var wrong = refused(email, "wrong");
        assertThat(refused("nobody@kvit.example", "wrong")).isEqualTo(wrong);
        for (var i = 0; i < 4; i++) {
            refused(email, "wrong");
        }
        assertThat(refused(email, TestOperator.PASSWORD)).isEqualTo(wrong);
        TestClock.advance(Duration.ofSeconds(61));
        TestOperator.signIn(email, TestOperator.PASSWORD, null).statusCode(200);
    }

    @Test
    void eachFurtherFailureLocksForTwiceAsLong() {
        var email = TestOperator.seeded(Role.SUPPORT);
        for (var i = 0; i < 5; i++) {
            refused(email, "wrong");
        }
        TestClock.advance(Duration.ofSeconds(61));
        refused(email, "wrong");
        TestClock.advance(Duration.ofSeconds(61));
        refused(email, TestOperator.PASSWORD);
        TestClock.advance(Duration.ofSeconds(60));
        TestOperator.signIn(email, TestOperator.PASSWORD, null).statusCode(200);
        // Whoever got in has proved themselves: the count begins anew.
        refused(email, "wrong");
        TestOperator.signIn(email, TestOperator.PASSWORD, null).statusCode(200);
    }

    /** Or anybody who knows an address keeps that operator out for ever. */
    @Test
    void whoGuessesLocksOutThemselvesAndNotTheOperator() {
        var email = TestOperator.seeded(Role.SUPPORT);
        for (var i = 0; i < 6; i++) {
            assertRefused(email, "wrong", "198.51.100.7");
        }
        assertRefused(email, TestOperator.PASSWORD, "198.51.100.7");
        signIn(email, TestOperator.PASSWORD, "203.0.113.9");
        // That the operator got in elsewhere does not let the stranger go on.
        assertRefused(email, TestOperator.PASSWORD, "198.51.100.7");
        TestClock.advance(Duration.ofSeconds(121));
        signIn(email, TestOperator.PASSWORD, "198.51.100.7");
    }

    /** Whoever has many addresses is locked out by all of them together. */
    @Test
    void manyAddressesTogetherLockAnOperatorEverywhere() {
        var email = TestOperator.seeded(Role.SUPPORT);
        for (var i = 0; i < 50; i++) {
            assertRefused(email, "wrong", "198.51." + i + ".1");
        }
        assertRefused(email, TestOperator.PASSWORD, "203.0.113.9");
        TestClock.advance(Duration.ofSeconds(61));
        signIn(email, TestOperator.PASSWORD, "203.0.113.9");
    }

    private void signIn(String email, String password, String address) {
        assertThat(signInOperator.signIn(email, password, null, address).operator().email())
                .isEqualTo(email);
    }

    private void assertRefused(String email, String password, String address) {
        assertThatThrownBy(() -> signInOperator.signIn(email, password, null, address))
                .extracting(it -> ((Problem) it).type().code())
                .isEqualTo("sign-in-refused");
    }

    private static Map<String, Object> refused(String email, String password) {
        var body =
                TestOperator.signIn(email, password, null)
                        .statusCode(401)
                        .body("code", equalTo("sign-in-refused"))
                        .extract()
                        .jsonPath()
                        .<String, Object>getMap("");
        body.remove("requestId");
        return body;
    }

    @Test
    void anInvitationBecomesAPasswordAndASecondFactorOnce() throws Exception {
        var email = "invited-once@kvit.example";
        var invited = Invited.as(email, Role.APPROVER);
        refused(email, "anything");
        invited.enrol("too short").statusCode(400);
        var enrolled =
                invited.enrol(TestOperator.PASSWORD)
                        .statusCode(201)
                        .body("operator.name", equalTo("Ines"))
                        .extract()
                        .jsonPath();
        invited.enrol(TestOperator.PASSWORD)
                .statusCode(422)
                .body("code", equalTo("invitation-invalid"));
        assertThat(enrolled.getString("uri"))
                .startsWith("otpauth://totp/Kvit:")
                .contains("secret=" + enrolled.getString("secret"));

        refused(email, TestOperator.PASSWORD);
        TestOperator.signIn(email, TestOperator.PASSWORD, "000000").statusCode(401);
        var code = code(enrolled.getString("secret"));
        TestOperator.signIn(email, TestOperator.PASSWORD, code).statusCode(200);
        // A code that somebody looked over the shoulder for is worth nothing.
        TestOperator.signIn(email, TestOperator.PASSWORD, code).statusCode(401);
        TestClock.advance(Duration.ofSeconds(30));
        TestOperator.signIn(email, TestOperator.PASSWORD, code(enrolled.getString("secret")))
                .statusCode(200);
    }

    @Test
    void anInvitationGrowsOld() {
        var invited = Invited.as("invited-too-long-ago@kvit.example", Role.ADMIN);
        TestClock.advance(Duration.ofHours(24));
        invited.enrol(TestOperator.PASSWORD).statusCode(422);
    }

    /**
     * Who hands out the first key cannot be asked for one; as soon as there is somebody, they are.
     */
    @Test
    void theMachineInvitesWhileThereIsNobodyToAskAndNoLonger() {
        assertThatThrownBy(() -> inviteOperator.invite("first@kvit.example", "F", Role.APPROVER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there is an approver at work");
        var others =
                Sql.<UUID>column(
                        "select id from operator where state = 'ACTIVE' and 'approver' = any"
                                + " (roles)");
        others.forEach(it -> Sql.run("update operator set state = 'DISABLED' where id = ?", it));
        try {
            var invitation = inviteOperator.invite("First@kvit.example", "F", Role.APPROVER);
            Invited.enrol(invitation, "kvi_other", TestOperator.PASSWORD).statusCode(422);
            Invited.enrol(invitation, null, TestOperator.PASSWORD).statusCode(201);
            assertThatThrownBy(() -> inviteOperator.invite("2nd@kvit.example", "S", Role.APPROVER))
                    .isInstanceOf(IllegalStateException.class);
            // The only one may come back in when they have lost everything.
            var again = inviteOperator.invite("first@kvit.example", "F", Role.APPROVER);
            refused("first@kvit.example", TestOperator.PASSWORD);
            Invited.enrol(again, null, TestOperator.PASSWORD).statusCode(201);
        } finally {
            others.forEach(it -> Sql.run("update operator set state = 'ACTIVE' where id = ?", it));
        }
    }

    @Test
    void onlyWhatIsOneIsInvited() {
        for (var email : List.of("", "nobody", "a b@c", "@", "a@b@c")) {
            assertThatThrownBy(() -> inviteOperator.invite(email, "N", Role.ADMIN))
                    .as(email)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (var role : List.of("boss", Role.SUPPORT, "admin,approver")) {
            assertThatThrownBy(() -> inviteOperator.invite("a@b", "N", role))
                    .hasMessageContaining(role);
        }
        assertThatThrownBy(() -> inviteOperator.invite("a@b", " ", Role.ADMIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Whoever tries one password on everybody locks nobody, and does not get far. */
    @Test
    void anAddressThatTriesManyIsSentAwayForAWhile() {
        var config = new SmallRyeConfigBuilder();
        config.withMapping(OperateConfig.class)
                .withDefaultValue("kvit.operate.sign-ins-per-address", "3");
        var guarded = signInOperator(config.build().getConfigMapping(OperateConfig.class));
        var address = "2001:db8:" + Integer.toHexString(UUID.randomUUID().hashCode() & 0xffff);
        for (var i = 0; i < 3; i++) {
            var house = address + "::" + i;
            assertThatThrownBy(() -> guarded.signIn("n@kvit.example", "wrong", null, house))
                    .extracting(it -> ((Problem) it).type().code())
                    .isEqualTo("sign-in-refused");
        }
        assertThatThrownBy(() -> guarded.signIn("n@kvit.example", "wrong", null, address + "::9"))
                .extracting(it -> ((Problem) it).type().code())
                .isEqualTo("too-many-requests");
        assertThatThrownBy(() -> guarded.signIn("n@kvit.example", "wrong", null, "2001:db9::" + 1))
                .extracting(it -> ((Problem) it).type().code())
                .isEqualTo("sign-in-refused");
        TestClock.advance(Duration.ofMinutes(15));
        assertThatThrownBy(() -> guarded.signIn("n@kvit.example", "wrong", null, address + "::9"))
                .extracting(it -> ((Problem) it).type().code())
                .isEqualTo("sign-in-refused");
    }

    private SignInOperator signInOperator(OperateConfig config) {
        return new SignInOperator(
                operators, guards, sessions, passwords, codes, limits, issuer, audit, config,
                clock);
    }

    @Test
    void anIdleSessionEndsAndABusyOneEndsInTheEvening() {
        var idle = TestOperator.with(Role.SUPPORT);
        var busy = TestOperator.with(Role.SUPPORT);
        for (var i = 0; i < 51; i++) {
            TestClock.advance(Duration.ofMinutes(14));
            busy.get("/v1/admin/me").statusCode(200);
        }
        idle.get("/v1/admin/me").statusCode(401);
        TestClock.advance(Duration.ofMinutes(7));
        busy.get("/v1/admin/me").statusCode(401);
    }

    @Test
    void tokensOfCustomersAndOfOperatorsAreWorthNothingAtTheOthersDoor() {
        var operator = TestOperator.with(Role.ADMIN, Role.FINANCE, Role.SUPPORT, Role.APPROVER);
        given().header("Authorization", "bearer " + operator.token())
                .get("/v1/admin/me")
                .then()
                .statusCode(200);
        operator.get("/v1/me").statusCode(403);
        operator.get("/v1/transfers").statusCode(403);
        TestPerson.fresh().get("/v1/admin/me").statusCode(403);
        for (var token : List.of("kvo_", "kvo_nonsense", operator.token() + "x")) {
            given().header("Authorization", "Bearer " + token)
                    .get("/v1/admin/me")
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("unauthenticated"));
        }
        given().get("/v1/admin/me").then().statusCode(401);
    }

    @ParameterizedTest
    @CsvSource({
        "support, 403, 200, 403, 403",
        "finance, 403, 200, 403, 403",
        "approver, 403, 200, 403, 404",
        "admin, 200, 200, 400, 403"
    })
    void eachRoleMayDoItsOwn(String role, int operators, int approvals, int rules, int approve) {
        var operator = TestOperator.with(role);
        operator.get("/v1/admin/operators").statusCode(operators);
        operator.get("/v1/admin/approvals").statusCode(approvals);
        operator.post("/v1/admin/rules", Map.of()).statusCode(rules);
        operator.post("/v1/admin/approvals/00000000-0000-0000-0000-000000000000/approval", Map.of())
                .statusCode(approve);
    }

    /**
     * A sandbox's database that becomes a live one has operators whose password everybody knows.
     */
    @Test
    void whoHasNoSecondFactorIsShutOutWhereOneIsRequired() {
        var email = TestOperator.seeded(Role.ADMIN);
        var live = signInOperator(OPERATE_LIVE);
        assertThatThrownBy(() -> live.signIn(email, TestOperator.PASSWORD, "123456", "192.0.2.1"))
                .isInstanceOf(Problem.class);
        TestOperator.signIn(email, TestOperator.PASSWORD, null).statusCode(200);
    }

    @Test
    void theListShowsWhoWorksHereAndWhoIsToCome() {
        var operator = TestOperator.with(Role.ADMIN);
        Invited.as("not-yet-here@kvit.example", Role.SUPPORT);
        operator.get("/v1/admin/operators")
                .body(
                        "items.find { it.email == '" + operator.email() + "' }.state",
                        equalTo("active"))
                .body(
                        "items.find { it.email == 'not-yet-here@kvit.example' }.state",
                        equalTo("invited"));
    }

    @Test
    void noSecretOfAnOperatorIsInTheDatabase() {
        var operator = TestOperator.with(Role.ADMIN);
        var rows =
                Sql.<String>column("select to_jsonb(o)::text from operator o")
                        + Sql.<String>column("select to_jsonb(s)::text from operator_session s")
                                .toString();
        assertThat(rows).doesNotContain(TestOperator.PASSWORD, operator.token());
        assertThat(rows).contains("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    /** Nobody is kept from transfers by those who guess passwords: some are sent away. */
    @Test
    void ofManyAtOnceAFewAreHashedAndNoneIsMistaken() throws Exception {
        var hash = passwords.hash(Passwords.Whose.OPERATORS, TestOperator.PASSWORD);
        var tasks = new ArrayList<Callable<String>>();
        for (var i = 0; i < 32; i++) {
            var right = i % 2 == 0;
            var password = right ? TestOperator.PASSWORD : "wrong";
            tasks.add(
                    () -> {
                        try {
                            return passwords.matches(Passwords.Whose.OPERATORS, password, hash)
                                            == right
                                    ? "told"
                                    : "mistaken";
                        } catch (Problem busy) {
                            return busy.type().code();
                        }
                    });
        }
        assertThat(Race.run(32, tasks))
                .contains("told")
                .doesNotContain("mistaken")
                .contains("unavailable");
    }

    /** Strangers' sign-ins are hashed too; a flood of them switches nobody else off. */
    @Test
    void neitherOperatorsNorCustomersTakeEachOthersLastPlace() {
        for (var whose : Passwords.Whose.values()) {
            var other =
                    whose == Passwords.Whose.OPERATORS
                            ? Passwords.Whose.CUSTOMERS
                            : Passwords.Whose.OPERATORS;
            try (var one = passwords.turn(whose);
                    var two = passwords.turn(whose)) {
                assertThat(one).isNotSameAs(two);
                assertThatThrownBy(() -> passwords.turn(whose)).isInstanceOf(Problem.class);
                try (var three = passwords.turn(other)) {
                    assertThat(three).isNotNull();
                    // Three is what all of them have together.
                    assertThatThrownBy(() -> passwords.turn(other)).isInstanceOf(Problem.class);
                }
            }
        }
    }

    private String code(String secret) throws Exception {
        return new TimeBasedOneTimePasswordGenerator()
                .generateOneTimePasswordString(
                        new SecretKeySpec(new Base32().decode(secret), "HmacSHA1"),
                        clock.instant());
    }
}
