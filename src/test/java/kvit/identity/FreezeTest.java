package kvit.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import kvit.database.Database;
import kvit.operate.Role;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stopping somebody's money, and letting it move again. */
@KvitTest
class FreezeTest {

    private static final Duration SOON = Duration.ofSeconds(1);

    @Inject Database database;

    private TestOperator support;
    private TestPerson anna;
    private TestPerson boris;

    @BeforeEach
    void twoPeople() {
        support = TestOperator.with(Role.SUPPORT);
        anna = TestPerson.with(10_00, "USD");
        boris = TestPerson.with(10_00, "USD");
    }

    @Test
    void stopsTheMoneyOfSomebodyAndSignsThemOutOnEveryReplicaWithinASecond() throws Exception {
        var config = TestConfig.identity(Map.of());
        var there = new Admissions(new AdmissionStore(database, config), config);
        there.start(new StartupEvent());
        await().until(there::isUpToDate);
        var sessions = sessions(anna);
        TestPerson.signIn(anna.phone());
        var both = sessions(anna);
        assertThat(both).hasSize(2).containsAll(sessions);
        assertThat(both).allMatch(it -> there.admits(it, anna.id(), ClientApps.WEB));

        freeze(anna).statusCode(200).body("state", equalTo("frozen"), "sessionsEnded", equalTo(2));

        anna.get("/v1/me").statusCode(401).body("code", equalTo("session-revoked"));
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () ->
                                both.stream()
                                        .noneMatch(
                                                it -> there.admits(it, anna.id(), ClientApps.WEB)));
        there.stop(new ShutdownEvent());
        given().contentType(ContentType.JSON)
                .header("Kvit-Client", "web")
                .body(Map.of("refreshToken", anna.refreshToken()))
                .post("/v1/sessions/refresh")
                .then()
                .statusCode(401);
        boris.send(anna, 1, "USD", "k").statusCode(422).body("code", equalTo("customer-frozen"));
        var again = TestPerson.signIn(anna.phone());
        again.get("/v1/me/balances").statusCode(200);
        again.send(boris, 1, "USD", "k").statusCode(422).body("code", equalTo("customer-frozen"));
        assertThat(
                        Sql.<String>column(
                                "select action || ' ' || reason from audit where resource = ?",
                                anna.id().toString()))
                .containsExactly("customers.freeze A stranger has the phone.");
        assertThat(events(anna)).containsExactly("CustomerFrozen");
    }

    /** Whoever is frozen may sign in and look, so there may be devices again. */
    @Test
    void signsOutOnceMoreWhoIsFrozenAlready() {
        freeze(anna).statusCode(200);
        var again = TestPerson.signIn(anna.phone());
        freeze(anna).statusCode(200).body("sessionsEnded", equalTo(1));
        again.get("/v1/me").statusCode(401);
        assertThat(events(anna)).containsExactly("CustomerFrozen");
    }

    @Test
    void moneyMovesAgainWhenTwoWantIt() {
        freeze(anna).statusCode(200);
        String request = unfreeze(anna).statusCode(202).extract().path("id");
        support.approve(request).statusCode(403);
        var again = TestPerson.signIn(anna.phone());
        again.send(boris, 1, "USD", "before").statusCode(422);

        TestOperator.with(Role.APPROVER).approve(request).statusCode(200);

        again.send(boris, 1, "USD", "after").statusCode(201);
        boris.send(anna, 1, "USD", "back").statusCode(201);
        assertThat(events(anna)).containsExactly("CustomerFrozen", "CustomerUnfrozen");
        unfreeze(anna).statusCode(422).body("code", equalTo("customer-not-frozen"));
    }

    /** For a reason that whoever asked before did not know. */
    @Test
    void whoWasFrozenOnceMoreStaysSo() {
        freeze(anna).statusCode(200);
        String request = unfreeze(anna).statusCode(202).extract().path("id");
        freeze(anna).statusCode(200);

        TestOperator.with(Role.APPROVER)
                .approve(request)
                .statusCode(409)
                .body("code", equalTo("approval-stale"));

        boris.send(anna, 1, "USD", "k").statusCode(422).body("code", equalTo("customer-frozen"));
    }

    /** The approval compares what it changes: a freeze that is just being written is seen. */
    @Test
    void whoIsBeingFrozenOnceMoreWhileItIsApprovedStaysSo() throws Exception {
        freeze(anna).statusCode(200);
        String request = unfreeze(anna).statusCode(202).extract().path("id");

        assertThat(approvedDuringAFreeze(request)).isEqualTo(409);

        assertThat(state(anna)).isEqualTo("FROZEN");
    }

    @Test
    void whoIsVerifiedWhileTheyAreBeingFrozenStaysFrozen() throws Exception {
        String request =
                support.post(
                                "/v1/admin/customers/" + anna.id() + "/verification",
                                Map.of("tier", "verified", "reason", "r"))
                        .statusCode(202)
                        .extract()
                        .path("id");

        assertThat(approvedDuringAFreeze(request)).isEqualTo(200);

        assertThat(state(anna)).isEqualTo("FROZEN");
        assertThat(Sql.<String>value("select tier from customer where id = ?", anna.id()))
                .isEqualTo("VERIFIED");
    }

    /** The freeze commits when the approval has come as far as it comes without it. */
    private int approvedDuringAFreeze(String request) throws Exception {
        var approver = TestOperator.with(Role.APPROVER);
        try (var busy = Sql.asOwner();
                var statement = busy.createStatement()) {
            busy.setAutoCommit(false);
            statement.execute(
                    "update customer set state = 'FROZEN', frozen_at = '2038-01-19' where id = '"
                            + anna.id()
                            + "'");
            int pid;
            try (var rows = statement.executeQuery("select pg_backend_pid()")) {
                rows.next();
                pid = rows.getInt(1);
            }
            var path = "/v1/admin/approvals/" + request + "/approval";
            var thread = Executors.newSingleThreadExecutor();
            try {
                var answer =
                        thread.submit(
                                () -> Http.post(approver.token(), path, null, "{}").statusCode());
                await().pollInterval(Duration.ofMillis(5)).until(() -> isWaitedFor(pid));
                busy.commit();
                return answer.get(20, TimeUnit.SECONDS);
            } finally {
                thread.shutdown();
            }
        }
    }

    private static boolean isWaitedFor(int pid) {
        return Sql.<Long>value(
                        "select count(*) from pg_stat_activity where ? = any"
                                + " (pg_blocking_pids(pid))",
                        pid)
                > 0;
    }

    private static String state(TestPerson person) {
        return Sql.value("select state from customer where id = ?", person.id());
    }

    @Test
    void whoIsBlockedStaysBlocked() {
        Sql.run("update customer set state = 'BLOCKED' where id = ?", anna.id());
        freeze(anna).statusCode(422).body("code", equalTo("customer-blocked"));
        unfreeze(anna).statusCode(422).body("code", equalTo("customer-not-frozen"));
        assertThat(Sql.<String>value("select state from customer where id = ?", anna.id()))
                .isEqualTo("BLOCKED");
        assertThat(
                        Sql.<String>column(
                                "select action from audit where resource = ?",
                                anna.id().toString()))
                .isEmpty();
    }

    @Test
    void onlySupportAndFinanceFreezeAndOnlyWithAReason() {
        for (var end : List.of("/freeze", "/unfreeze")) {
            var path = "/v1/admin/customers/" + anna.id() + end;
            for (var role : List.of(Role.APPROVER, Role.ADMIN)) {
                TestOperator.with(role).post(path, Map.of("reason", "r")).statusCode(403);
            }
            anna.post(path, "k", Map.of("reason", "r")).statusCode(403);
            support.post(path, Map.of("reason", " ")).statusCode(400);
            support.post(
                            path.replace(anna.id().toString(), UUID.randomUUID().toString()),
                            Map.of("reason", "r"))
                    .statusCode(404)
                    .body("code", equalTo("customer-not-found"));
        }
        anna.get("/v1/me").statusCode(200);
        // Whoever reviews a transfer may be the first to see that an account is being emptied.
        TestOperator.with(Role.FINANCE)
                .post("/v1/admin/customers/" + anna.id() + "/freeze", Map.of("reason", "r"))
                .statusCode(200);
    }

    /** By the phone, because all devices are signed out; and not why. */
    @Test
    void whoeverIsFrozenIsToldByMessageAndSoIsTheEnd() {
        freeze(anna).statusCode(200);
        await().until(() -> texts(anna).stream().anyMatch(it -> it.contains("is frozen")));
        assertThat(texts(anna)).noneMatch(it -> it.contains("stranger"));

        var approval = unfreeze(anna).statusCode(202).extract().<String>path("id");
        TestOperator.with(Role.APPROVER).approve(approval).statusCode(200);

        await().until(() -> texts(anna).stream().anyMatch(it -> it.contains("is free again")));
    }

    private static List<String> texts(TestPerson of) {
        return given().queryParam("phone", of.phone())
                .get("/v1/sandbox/messages")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.text", String.class);
    }

    private ValidatableResponse freeze(TestPerson person) {
        return support.post(
                "/v1/admin/customers/" + person.id() + "/freeze",
                Map.of("reason", "A stranger has the phone."));
    }

    private ValidatableResponse unfreeze(TestPerson person) {
        return support.post(
                "/v1/admin/customers/" + person.id() + "/unfreeze",
                Map.of("reason", "It was found."));
    }

    private static List<UUID> sessions(TestPerson person) {
        return Sql.column(
                "select id from session where customer = ? and revoked_at is null", person.id());
    }

    private static List<String> events(TestPerson person) {
        return Sql.column(
                "select topic from outbox where key = ? and topic like 'Customer%rozen' order by"
                        + " id",
                person.id());
    }
}
