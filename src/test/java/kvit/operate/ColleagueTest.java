package kvit.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operators look after each other, two at a time, and nobody after themselves. */
@KvitTest
class ColleagueTest {

    private static final Map<String, Object> REASON = Map.of("reason", "It has to be.");

    private TestOperator admin;
    private TestOperator approver;

    @BeforeEach
    void signIn() {
        admin = TestOperator.with(Role.ADMIN);
        approver = TestOperator.with(Role.APPROVER);
    }

    private static String email() {
        return "colleague-" + UUID.randomUUID() + "@kvit.example";
    }

    private static String id(TestOperator operator) {
        return Sql.<UUID>value("select id from operator where email = ?", operator.email())
                .toString();
    }

    private static String path(TestOperator operator, String what) {
        return "/v1/admin/operators/" + id(operator) + "/" + what;
    }

    private ValidatableResponse changeRoles(TestOperator operator, String... roles) {
        return admin.post(
                path(operator, "roles"), Map.of("roles", List.of(roles), "reason", "It fits."));
    }

    private static ValidatableResponse refused(
            ValidatableResponse response, int status, String code) {
        return response.statusCode(status).body("code", equalTo(code));
    }

    @Test
    void anInvitationTakesBothHalvesOfThoseWhoWantedIt() {
        var email = email();
        var invited = Invited.as(email, Role.SUPPORT, Role.FINANCE);
        for (var halves :
                List.of(
                        List.of(invited.first(), invited.first()),
                        List.of(invited.second(), invited.second()),
                        List.of(invited.first(), "kvi_guessed"))) {
            refused(
                    Invited.enrol(halves.get(0), halves.get(1), TestOperator.PASSWORD),
                    422,
                    "invitation-invalid");
        }
        refused(
                Invited.enrol(invited.first(), null, TestOperator.PASSWORD),
                422,
                "invitation-invalid");
        refused(Invited.draw(invited.id(), admin), 403, "invitation-not-yours");
        Invited.enrol(invited.second(), invited.first(), TestOperator.PASSWORD)
                .statusCode(201)
                .body("operator.state", equalTo("active"))
                .body("operator.roles", contains("finance", "support"));
        refused(Invited.draw(invited.id(), admin), 409, "operator-state");
        refused(Invited.asked(admin, email.toUpperCase(), Role.ADMIN), 409, "operator-known");
    }

    @Test
    void onlyWhatIsOneIsAskedFor() {
        Invited.asked(admin, "nobody", Role.ADMIN).statusCode(400);
        Invited.asked(admin, email(), "boss").statusCode(400);
        Invited.asked(admin, email()).statusCode(400);
        refused(
                admin.post("/v1/admin/operators/" + UUID.randomUUID() + "/disablement", REASON),
                404,
                "operator-not-found");
        refused(admin.post(path(approver, "enablement"), REASON), 409, "operator-state");
        admin.post(path(approver, "reset"), Map.of()).statusCode(400);
    }

    @Test
    void otherRolesTakeTwoAndHoldAtOnce() {
        var worker = TestOperator.with(Role.SUPPORT);
        worker.get("/v1/admin/operators").statusCode(403);
        var id = changeRoles(worker, Role.ADMIN).statusCode(202).extract().<String>path("id");
        refused(changeRoles(worker, Role.FINANCE), 409, "approval-pending");
        worker.get("/v1/admin/operators").statusCode(403);
        approver.approve(id).statusCode(200);
        worker.get("/v1/admin/operators").statusCode(200);
    }

    @Test
    void whoHasBegunAnewIsNotWhoWasMeant() {
        var worker = TestOperator.with(Role.SUPPORT);
        var roles = changeRoles(worker, Role.ADMIN).extract().<String>path("id");
        admin.post(path(worker, "disablement"), REASON).statusCode(200);
        refused(approver.approve(roles), 409, "approval-stale");

        // Nor is who has got another authenticator since.
        var other = TestOperator.with(Role.SUPPORT);
        roles = changeRoles(other, Role.ADMIN).extract().path("id");
        Sql.run(
                "update operator set totp_version = coalesce(totp_version, 0) + 1 where email = ?",
                other.email());
        refused(approver.approve(roles), 409, "approval-stale");
    }

    @Test
    void nobodyHasAHandInWhatTheyMayDo() {
        var both = TestOperator.with(Role.ADMIN, Role.APPROVER);
        for (var what : List.of("disablement", "enablement", "reset")) {
            refused(both.post(path(both, what), REASON), 403, "operator-self");
        }
        refused(
                both.post(path(both, "roles"), Map.of("roles", List.of("finance"), "reason", "r")),
                403,
                "operator-self");
        // Nor as the second pair of eyes.
        var id = changeRoles(both, Role.ADMIN, Role.FINANCE).extract().<String>path("id");
        refused(both.approve(id), 403, "operator-self");
        approver.approve(id).statusCode(200);
    }

    @Test
    void whoIsSentAwayIsAwayAtOnceAndComesBackByTwo() {
        var worker = TestOperator.with(Role.SUPPORT);
        worker.get("/v1/admin/me").statusCode(200);
        admin.post(path(worker, "disablement"), REASON)
                .statusCode(200)
                .body("state", equalTo("disabled"));
        worker.get("/v1/admin/me").statusCode(401);
        TestOperator.signIn(worker.email(), TestOperator.PASSWORD, null).statusCode(401);
        refused(changeRoles(worker, Role.ADMIN), 409, "operator-state");
        var id =
                admin.post(path(worker, "enablement"), REASON)
                        .statusCode(202)
                        .extract()
                        .<String>path("id");
        TestOperator.signIn(worker.email(), TestOperator.PASSWORD, null).statusCode(401);
        approver.approve(id).statusCode(200);
        worker.get("/v1/admin/me").statusCode(401);
        TestOperator.signIn(worker.email(), TestOperator.PASSWORD, null).statusCode(200);
    }

    @Test
    void aLostAuthenticatorIsReplacedByTwo() {
        var worker = TestOperator.with(Role.SUPPORT);
        var id =
                admin.post(path(worker, "reset"), REASON)
                        .statusCode(202)
                        .extract()
                        .<String>path("id");
        worker.get("/v1/admin/me").statusCode(200);
        approver.approve(id).statusCode(200);
        worker.get("/v1/admin/me").statusCode(401);
        TestOperator.signIn(worker.email(), TestOperator.PASSWORD, null).statusCode(401);
        var invited = Invited.drawn(id(worker), admin, approver);
        var again = Invited.drawn(id(worker), admin, approver);
        refused(invited.enrol("another one of twelve"), 422, "invitation-invalid");
        again.enrol("another one of twelve")
                .statusCode(201)
                .body("operator.roles", contains("support"));
        TestOperator.signIn(worker.email(), TestOperator.PASSWORD, "000000").statusCode(401);
    }

    @Test
    void whoWasInvitedAndSentAwayIsInvitedAgainByWhoeverLetsThemIn() {
        var email = email();
        var invited = Invited.as(email, Role.SUPPORT);
        admin.post("/v1/admin/operators/" + invited.id() + "/disablement", REASON).statusCode(200);
        refused(invited.enrol(TestOperator.PASSWORD), 422, "invitation-invalid");
        var enable = "/v1/admin/operators/" + invited.id() + "/enablement";
        approver.approve(admin.post(enable, REASON).statusCode(202).extract().path("id"))
                .statusCode(200)
                .body("state", equalTo("executed"));
        refused(invited.enrol(TestOperator.PASSWORD), 422, "invitation-invalid");
        Invited.drawn(invited.id(), admin, approver).enrol(TestOperator.PASSWORD).statusCode(201);
    }

    /** Of two who take each other away one stays, and by SQL one stays as well. */
    @Test
    void theLastAdminCannotBeTakenAway() throws Exception {
        var one = TestOperator.with(Role.ADMIN);
        var two = TestOperator.with(Role.ADMIN);
        var third = TestOperator.with(Role.ADMIN);
        var outsider = TestOperator.with(Role.ADMIN);
        // Somebody else's, who may send anybody away, and is nobody whom we could rely on.
        Sql.run(
                """
                update operator
                   set issuer = 'https://issuer.example', subject = id::text, password_hash = null
                 where email = ?
                """,
                outsider.email());
        var others =
                Sql.<UUID>column(
                        """
                        select id from operator
                         where state = 'ACTIVE' and 'admin' = any (roles)
                           and email not in (?, ?, ?)
                        """,
                        one.email(),
                        two.email(),
                        outsider.email());
        set(others, "DISABLED");
        try {
            var tasks =
                    List.<Callable<HttpResponse<String>>>of(
                            () -> disable(one, two), () -> disable(two, one));
            var answers = Race.run(2, tasks);
            assertThat(answers)
                    .extracting(HttpResponse::statusCode)
                    .containsOnlyOnce(200)
                    .isSubsetOf(200, 401, 409);
            var left = answers.get(0).statusCode() == 200 ? one : two;
            left.get("/v1/admin/me").statusCode(200);
            refused(outsider.post(path(left, "disablement"), REASON), 409, "operator-last-admin");
            assertThatThrownBy(
                            () ->
                                    Sql.run(
                                            "update operator set roles = '{support}' where email ="
                                                    + " ?",
                                            left.email()))
                    .hasStackTraceContaining("the last admin");
        } finally {
            set(others, "ACTIVE");
        }
        third.get("/v1/admin/me").statusCode(200);
    }

    private static HttpResponse<String> disable(TestOperator by, TestOperator whom) {
        return Http.post(by.token(), path(whom, "disablement"), null, "{\"reason\":\"r\"}");
    }

    private static void set(List<UUID> operators, String state) {
        operators.forEach(it -> Sql.run("update operator set state = ? where id = ?", state, it));
    }
}
