package kvit.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.arc.Unremovable;
import io.restassured.response.ValidatableResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.ledger.MoneyTransactions;
import kvit.problem.GeneralProblem;
import kvit.source.Clock;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestOperator;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What takes two people takes two, once, and is what both of them saw. */
@KvitTest
class ApprovalTest {

    record Bell(String name, int times) {}

    /** A bell that takes two to ring. */
    @ApplicationScoped
    @Unremovable
    static class RingBell implements FourEyes<Bell> {

        private final Map<String, AtomicInteger> rung = new ConcurrentHashMap<>();
        private final Map<String, String> state = new ConcurrentHashMap<>();

        @Override
        public String action() {
            return "test.ring-bell";
        }

        @Override
        public Class<Bell> payload() {
            return Bell.class;
        }

        @Override
        public String resource(Bell bell) {
            return bell.name();
        }

        @Override
        public String basis(Bell bell) {
            return state.getOrDefault(bell.name(), "new");
        }

        @Override
        public void carryOut(Bell bell, Agreed agreed) {
            if (bell.times() < 0) {
                throw GeneralProblem.NOT_FOUND.because("There is no such bell.");
            }
            rung.computeIfAbsent(bell.name(), it -> new AtomicInteger()).addAndGet(bell.times());
        }

        void is(String name, String now) {
            state.put(name, now);
        }

        int rung(String name) {
            return rung.getOrDefault(name, new AtomicInteger()).get();
        }
    }

    @Path("/v1/admin/test-bells")
    static class BellResource {

        @Inject Propose propose;
        @Inject RingBell ringBell;

        /** Not a part of the contract. */
        @POST
        @Operation(hidden = true)
        @RolesAllowed(Role.ADMIN)
        public ApprovalView ring(Bell bell) {
            return propose.propose(ringBell, bell, "It is noon.");
        }
    }

    @Inject RingBell bells;
    @Inject Clock clock;

    private final String bell = UUID.randomUUID().toString();
    private TestOperator maker;
    private TestOperator checker;

    @BeforeEach
    void signIn() {
        maker = TestOperator.with(Role.ADMIN, Role.APPROVER);
        checker = TestOperator.with(Role.APPROVER);
    }

    /** Whoever they were when they asked: a stolen session leaves requests like all others. */
    @Test
    void whatSomebodyAskedForWhoWasSentAwayIsNotCarriedOut() {
        var id = ask(3);
        var admin = TestOperator.with(Role.ADMIN);
        admin.post("/v1/admin/operators/" + id(maker) + "/disablement", Map.of("reason", "r"))
                .statusCode(200);
        checker.approve(id).statusCode(409).body("code", equalTo("approval-stale"));
        assertThat(bells.rung(bell)).isZero();
        checker.get("/v1/admin/approvals/" + id).body("state", equalTo("stale"));
        checker.approve(id).statusCode(409).body("code", equalTo("approval-settled"));
    }

    @Test
    void whatSomebodyAskedForWhoHasLostARoleIsNotCarriedOut() {
        var kept = ask(3);
        Sql.run(
                "update operator set roles = '{admin,approver,support}' where id = ?::uuid",
                id(maker));
        checker.approve(kept).statusCode(200);
        assertThat(bells.rung(bell)).isEqualTo(3);
        var id = ask(4);
        Sql.run("update operator set roles = '{support}' where id = ?::uuid", id(maker));
        checker.approve(id).statusCode(409).body("code", equalTo("approval-stale"));
        assertThat(bells.rung(bell)).isEqualTo(3);
    }

    private static String id(TestOperator operator) {
        return Sql.<UUID>value("select id from operator where email = ?", operator.email())
                .toString();
    }

    /** Opening an account is a race as well, and no bug. */
    @Test
    void whoLosesARaceTriesAgain() {
        var tries = new AtomicInteger();
        var done =
                Races.transaction(
                        () -> {
                            if (tries.incrementAndGet() < 3) {
                                throw new MoneyTransactions.Superseded("somebody was quicker");
                            }
                            return tries.get();
                        });
        assertThat(done).isEqualTo(3);
    }

    @Test
    void whatOneAskedForAnotherCarriesOut() {
        var id = ask(3);
        checker.get("/v1/admin/approvals/" + id)
                .body("state", equalTo("open"))
                .body("action", equalTo("test.ring-bell"))
                .body("payload.times", equalTo(3))
                .body("reason", equalTo("It is noon."))
                .body("proposedBy", equalTo(maker.email()))
                .body("decidedBy", nullValue());
        assertThat(bells.rung(bell)).isZero();

        checker.post("/v1/admin/approvals/" + id + "/approval", Map.of("reason", "So it is."))
                .statusCode(200)
                .body("state", equalTo("executed"))
                .body("decidedBy", equalTo(checker.email()))
                .body("note", equalTo("So it is."));
        assertThat(bells.rung(bell)).isEqualTo(3);
        refused(checker.approve(id), 409, "approval-settled");
        assertThat(bells.rung(bell)).isEqualTo(3);
    }

    @Test
    void nobodyApprovesTheirOwnNorDoesTheDatabaseLetThem() {
        var id = ask(1);
        refused(maker.approve(id), 403, "approval-by-maker");
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        """
                                        update approval
                                           set state = 'EXECUTED', decided_at = now(),
                                               decided_by = proposed_by
                                         where id = ?
                                        """,
                                        UUID.fromString(id)))
                .hasStackTraceContaining("approval_four_eyes");
        assertThat(bells.rung(bell)).isZero();
    }

    @Test
    void whatWasShownCannotBeChangedNorTakenOut() {
        var id = UUID.fromString(ask(1));
        for (var change :
                List.of(
                        "update approval set payload = '{\"name\":\"x\",\"times\":9}' where id = ?",
                        "update approval set proposed_by = (select id from operator limit 1) where"
                                + " id = ?",
                        "update approval set expires_at = expires_at + interval '1 day' where id ="
                                + " ?",
                        "delete from approval where id = ?")) {
            assertThatThrownBy(() -> Sql.run(change, id)).as(change).hasMessageContaining(change);
        }
        checker.approve(id.toString()).statusCode(200);
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update approval set state = 'OPEN', decided_at = null"
                                                + " where id = ?",
                                        id))
                .hasStackTraceContaining("approval");
    }

    @Test
    void whoeverAskedMayWithdrawAndAnApproverMayReject() {
        var withdrawn = ask(1);
        maker.post("/v1/admin/approvals/" + withdrawn + "/rejection", Map.of())
                .statusCode(200)
                .body("state", equalTo("withdrawn"));
        var silently = ask(1);
        checker.request()
                .noContentType()
                .post("/v1/admin/approvals/" + silently + "/rejection")
                .then()
                .statusCode(200);
        var rejected = ask(1);
        var finance = TestOperator.with(Role.FINANCE);
        finance.post("/v1/admin/approvals/" + rejected + "/rejection", Map.of()).statusCode(403);
        checker.post("/v1/admin/approvals/" + rejected + "/rejection", Map.of("reason", "No."))
                .statusCode(200)
                .body("state", equalTo("rejected"))
                .body("note", equalTo("No."));
        refused(checker.approve(rejected), 409, "approval-settled");
        assertThat(bells.rung(bell)).isZero();
    }

    @Test
    void oneOfAKindWaitsAtATime() {
        var first = ask(1);
        refused(
                        maker.post("/v1/admin/test-bells", Map.of("name", bell, "times", 2)),
                        409,
                        "approval-pending")
                .body("approvalId", equalTo(first))
                .body("retryable", equalTo(true));
        checker.approve(first).statusCode(200);
        checker.approve(ask(2)).statusCode(200);
        assertThat(bells.rung(bell)).isEqualTo(3);
    }

    @Test
    void aDayLaterItIsTooLateAndMayBeAskedAnew() {
        var id = ask(1);
        TestClock.advance(Duration.ofHours(24));
        var late = TestOperator.with(Role.APPROVER);
        refused(late.approve(id), 409, "approval-expired");
        late.get("/v1/admin/approvals/" + id).body("state", equalTo("expired"));
        late.get("/v1/admin/approvals?state=expired&limit=100").body("items.id", hasItem(id));
        late.get("/v1/admin/approvals?state=open&limit=100").body("items.id", not(hasItem(id)));
        maker = TestOperator.with(Role.ADMIN);
        late.approve(ask(5)).statusCode(200);
        assertThat(bells.rung(bell)).isEqualTo(5);
    }

    /** Whoever writes down when it was decided. */
    @Test
    void theDatabaseCarriesOutNothingThatHasExpired() {
        var id = UUID.fromString(ask(1));
        var execute =
                """
                update approval
                   set state = 'EXECUTED', decided_at = expires_at - cast(? as interval),
                       decided_by = (select id from operator where id <> proposed_by limit 1)
                 where id = ?
                """;
        assertThatThrownBy(() -> Sql.run(execute, "0 seconds", id))
                .hasStackTraceContaining("approval_in_time");
        Sql.run(execute, "1 microsecond", id);
    }

    @Test
    void whatItWasAboutMayHaveChangedSince() {
        var id = ask(1);
        bells.is(bell, "cracked");
        refused(checker.approve(id), 409, "approval-stale").body("retryable", equalTo(false));
        checker.get("/v1/admin/approvals/" + id).body("state", equalTo("stale"));
        checker.approve(ask(1)).statusCode(200);
    }

    @Test
    void whatTheChangeRefusesStaysOpen() {
        var id = ask(-1);
        checker.approve(id).statusCode(404);
        checker.get("/v1/admin/approvals/" + id).body("state", equalTo("open"));
    }

    @Test
    void ofManyWhoApproveAtOnceOneCarriesItOut() throws Exception {
        var checkers = new ArrayList<TestOperator>();
        for (var i = 0; i < 4; i++) {
            checkers.add(TestOperator.with(Role.APPROVER));
        }
        for (var round = 0; round < 10; round++) {
            var path = "/v1/admin/approvals/" + ask(1) + "/approval";
            var tasks = new ArrayList<Callable<HttpResponse<String>>>();
            for (var i = 0; i < 16; i++) {
                var token = checkers.get(i % 4).token();
                tasks.add(() -> Http.post(token, path, null, "{}"));
            }
            assertThat(Race.run(16, tasks))
                    .extracting(HttpResponse::statusCode)
                    .containsOnlyOnce(200)
                    .containsOnly(200, 409);
            assertThat(bells.rung(bell)).isEqualTo(round + 1);
        }
    }

    /**
     * Whatever else is decided at the same moment, one of it holds, and it is done or it is not.
     */
    @Test
    void whoApprovesAndWhoRejectsOrWithdrawsAtOnceDoNotBothHaveTheirWay() throws Exception {
        var other = TestOperator.with(Role.APPROVER);
        for (var round = 0; round < 10; round++) {
            var rung = bells.rung(bell);
            var id = ask(1);
            var path = "/v1/admin/approvals/" + id;
            var against = round % 2 == 0 ? other : maker;
            var tasks = new ArrayList<Callable<HttpResponse<String>>>();
            for (var i = 0; i < 3; i++) {
                tasks.add(() -> Http.post(checker.token(), path + "/approval", null, "{}"));
                tasks.add(() -> Http.post(against.token(), path + "/rejection", null, "{}"));
            }
            assertThat(Race.run(6, tasks))
                    .extracting(HttpResponse::statusCode)
                    .containsOnlyOnce(200)
                    .containsOnly(200, 409);
            var state = checker.get(path).extract().<String>path("state");
            assertThat(bells.rung(bell) - rung).isEqualTo(state.equals("executed") ? 1 : 0);
            var refused = against == maker ? "withdrawn" : "rejected";
            assertThat(state).isIn("executed", refused);
            assertThat(
                            Sql.<String>column(
                                    "select step from audit where approval = ? order by id",
                                    UUID.fromString(id)))
                    .containsExactly("PROPOSED", state.toUpperCase());
        }
    }

    /** By then it is too late, and whoever asks anew has the way free: never both. */
    @Test
    void whoApprovesInTheMomentItExpiresIsTooLateOrInTime() throws Exception {
        for (var round = 0; round < 3; round++) {
            var rung = bells.rung(bell);
            maker = TestOperator.with(Role.ADMIN, Role.APPROVER);
            var id = ask(1);
            var path = "/v1/admin/approvals/" + id + "/approval";
            // A session lives for less than a request does.
            TestClock.advance(left(id).minus(Duration.ofMinutes(10)));
            maker = TestOperator.with(Role.ADMIN, Role.APPROVER);
            checker = TestOperator.with(Role.APPROVER);
            TestClock.advance(left(id).minusMillis(20));
            var body = "{\"name\":\"" + bell + "\",\"times\":0}";
            var tasks = new ArrayList<Callable<HttpResponse<String>>>();
            for (var i = 0; i < 4; i++) {
                tasks.add(() -> Http.post(checker.token(), path, null, "{}"));
                tasks.add(() -> Http.post(maker.token(), "/v1/admin/test-bells", null, body));
            }
            Race.run(8, tasks);
            var state = checker.get("/v1/admin/approvals/" + id).extract().<String>path("state");
            assertThat(bells.rung(bell) - rung).isEqualTo(state.equals("executed") ? 1 : 0);
            assertThat(state).isIn("open", "executed", "expired");
            assertThat(
                            Sql.<Long>value(
                                    "select count(*) from approval"
                                            + " where resource = ? and state = 'OPEN'",
                                    bell))
                    .isLessThanOrEqualTo(1);
            bells.is(bell, "round " + round);
            TestClock.advance(Duration.ofHours(24));
            checker = TestOperator.with(Role.APPROVER);
        }
    }

    private Duration left(String id) {
        return Duration.between(
                clock.instant(),
                Sql.<java.sql.Timestamp>value(
                                "select expires_at from approval where id = ?", UUID.fromString(id))
                        .toInstant());
    }

    @Test
    void ofManyWhoAskAtOnceOneWaits() throws Exception {
        var body = "{\"name\":\"" + bell + "\",\"times\":1}";
        var asked =
                Race.run(8, 16, () -> Http.post(maker.token(), "/v1/admin/test-bells", null, body));
        assertThat(asked)
                .extracting(HttpResponse::statusCode)
                .containsOnlyOnce(200)
                .containsOnly(200, 409);
    }

    @Test
    void theListIsInPagesTheNewestFirst() {
        var first = ask(1);
        checker.approve(first);
        var second = ask(1);
        var page =
                checker.get("/v1/admin/approvals?limit=1")
                        .statusCode(200)
                        .body("items", hasSize(1));
        assertThat(page.extract().<String>path("items[0].id")).isEqualTo(second);
        checker.get("/v1/admin/approvals?limit=1&cursor=" + page.extract().path("nextCursor"))
                .body("items[0].id", equalTo(first));
        checker.get("/v1/admin/approvals?state=nonsense").statusCode(400);
    }

    @Test
    void whatThereIsNotIsNotFound() {
        refused(checker.approve(UUID.randomUUID().toString()), 404, "approval-not-found");
        refused(checker.get("/v1/admin/approvals/" + UUID.randomUUID()), 404, "approval-not-found");
    }

    private String ask(int times) {
        return maker.post("/v1/admin/test-bells", Map.of("name", bell, "times", times))
                .statusCode(200)
                .extract()
                .path("id");
    }

    private static ValidatableResponse refused(
            ValidatableResponse response, int status, String code) {
        return response.statusCode(status).body("code", equalTo(code));
    }
}
