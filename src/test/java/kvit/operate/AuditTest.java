package kvit.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who did what stands in a chain that nobody bends unnoticed. */
@KvitTest
class AuditTest {

    @Inject AuditTrail audit;
    @Inject AuditSeals seals;
    @Inject VerifyAudit verifyAudit;

    private TestOperator admin;
    private TestOperator approver;

    @BeforeEach
    void signIn() {
        admin = TestOperator.with(Role.ADMIN);
        approver = TestOperator.with(Role.APPROVER);
    }

    /** Something that is done alone, and tells what it was before and after. */
    private String disabled() {
        var email = TestOperator.seeded(Role.SUPPORT);
        var id = Sql.<UUID>value("select id from operator where email = ?", email).toString();
        admin.request()
                .header("Request-Id", "audit-" + id)
                .body(Map.of("reason", "They have left."))
                .post("/v1/admin/operators/" + id + "/disablement")
                .then()
                .statusCode(200);
        return id;
    }

    @Test
    void oneRowSaysWhoDidWhatFromWhereAndWhy() {
        var id = disabled();
        approver.get("/v1/admin/audit?resource=" + id)
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].who", equalTo(admin.email()))
                .body("items[0].operator", notNullValue())
                .body("items[0].roles", contains("admin"))
                .body("items[0].action", equalTo("operators.disable"))
                .body("items[0].step", equalTo("done"))
                .body("items[0].reason", equalTo("They have left."))
                .body("items[0].before.state", equalTo("active"))
                .body("items[0].after.state", equalTo("disabled"))
                .body("items[0].address", notNullValue())
                .body("items[0].requestId", equalTo("audit-" + id))
                .body("items[0].approvalId", nullValue())
                .body("items[0].digest", notNullValue());
    }

    @Test
    void whatTwoDoIsToldStepByStep() {
        var email = "told-" + UUID.randomUUID() + "@kvit.example";
        var first =
                Invited.asked(admin, email, Role.SUPPORT)
                        .statusCode(202)
                        .extract()
                        .<String>path("id");
        approver.post("/v1/admin/approvals/" + first + "/rejection", Map.of("reason", "Who?"))
                .statusCode(200);
        var second = Invited.asked(admin, email, Role.SUPPORT).extract().<String>path("id");
        admin.post("/v1/admin/approvals/" + second + "/rejection", Map.of()).statusCode(200);
        var third = Invited.asked(admin, email, Role.SUPPORT).extract().<String>path("id");
        approver.approve(third).statusCode(200);

        var items = approver.get("/v1/admin/audit?resource=" + email).body("items", hasSize(6));
        items.body(
                        "items.step",
                        contains(
                                "executed",
                                "proposed",
                                "withdrawn",
                                "proposed",
                                "rejected",
                                "proposed"))
                .body("items.approvalId", contains(third, third, second, second, first, first))
                .body("items[0].who", equalTo(approver.email()))
                .body("items[0].before.basis", equalTo("unknown"))
                .body("items[0].after.shown.state", equalTo("invited"))
                .body("items[4].reason", equalTo("Who?"))
                .body("items[5].after.shown.email", equalTo(email))
                .body(
                        "items[5].after.payloadSha256",
                        equalTo(
                                approver.get("/v1/admin/approvals/" + first)
                                        .extract()
                                        .path("payloadSha256")));
    }

    @Test
    void whoComesInIsToldAndWhoIsNotLetIn() {
        var email = TestOperator.seeded(Role.SUPPORT);
        var id = Sql.<UUID>value("select id from operator where email = ?", email);
        TestOperator.signIn(email, "wrong", null).statusCode(401);
        TestOperator.signIn(email, TestOperator.PASSWORD, null).statusCode(200);
        admin.get("/v1/admin/audit?operator=" + id)
                .body("items.action", contains("operators.sign-in", "operators.sign-in"))
                .body("items.step", contains("done", "failed"));
        var typed = "hunter2-" + UUID.randomUUID() + "@nobody.example";
        TestOperator.signIn(typed, "wrong", null).statusCode(401);
        // It may have been a password.
        assertThat(Sql.<String>column("select to_jsonb(a)::text from audit a").toString())
                .doesNotContain("hunter2");
        admin.get("/v1/admin/audit?operator=unknown&limit=1")
                .body("items[0].step", equalTo("failed"))
                .body("items[0].operator", nullValue())
                .body("items[0].address", notNullValue());
    }

    @Test
    void whatWasNotDoneIsNotTold() {
        var resource = UUID.randomUUID().toString();
        assertThatThrownBy(
                        () ->
                                QuarkusTransaction.requiringNew()
                                        .run(
                                                () -> {
                                                    tell(resource);
                                                    throw new IllegalStateException("on purpose");
                                                }))
                .hasStackTraceContaining("on purpose");
        approver.get("/v1/admin/audit?resource=" + resource).body("items", hasSize(0));
        verification("").body("intact", equalTo(true));
    }

    @Test
    void itIsReadInPagesAndByWhatOneLooksFor() {
        var resource = "paged-" + UUID.randomUUID();
        for (var i = 0; i < 3; i++) {
            QuarkusTransaction.requiringNew().run(() -> tell(resource));
        }
        var path = "/v1/admin/audit?limit=2&action=test.tell&resource=" + resource;
        var first = approver.get(path).statusCode(200).body("items", hasSize(2));
        var cursor = first.extract().<String>path("nextCursor");
        approver.get(path + "&cursor=" + cursor)
                .body("items", hasSize(1))
                .body("nextCursor", nullValue());
        approver.get("/v1/admin/audit?resource=other&cursor=" + cursor).statusCode(400);
        approver.get(path + "&from=2200-01-01T00:00:00Z").body("items", hasSize(0));
        approver.get(path + "&to=2000-01-01T00:00:00Z").body("items", hasSize(0));
        approver.get(path + "&from=2000-01-01T00:00:00Z&to=2200-01-01T00:00:00Z")
                .body("items", hasSize(2));
        approver.get(path + "&operator=" + admin.email()).body("items", hasSize(0));
        for (var wrong : List.of("from=yesterday", "to=1", "limit=0", "cursor=x")) {
            approver.get("/v1/admin/audit?" + wrong).statusCode(400);
        }
    }

    /** Each at the end of its transaction, however long ago it was written there. */
    @Test
    void manyAtOnceStandInOneLine() throws Exception {
        var resource = "many-" + UUID.randomUUID();
        var started = new AtomicInteger();
        Race.run(
                8,
                64,
                () ->
                        QuarkusTransaction.requiringNew()
                                .call(
                                        () -> {
                                            tell(resource);
                                            tell(resource);
                                            return started.incrementAndGet();
                                        }));
        assertThat(Sql.<Long>value("select count(*) from audit where resource = ?", resource))
                .isEqualTo(128);
        verification("").body("intact", equalTo(true)).body("fault", nullValue());
    }

    @Test
    void whatSomebodyWithAllRightsHasChangedIsFoundAndNamed() throws SQLException {
        var id = disabled();
        var number =
                Sql.<Long>value(
                        "select number from audit_link l join audit a on a.id = l.audit"
                                + " where a.resource = ?",
                        id);
        verification("").body("intact", equalTo(true));
        behindTheTriggers("update audit set reason = 'Nothing.' where resource = ?", id);
        try {
            verification("")
                    .body("intact", equalTo(false))
                    .body("fault.number", equalTo(number.intValue()))
                    .body("fault.what", equalTo("changed"));
        } finally {
            behindTheTriggers("update audit set reason = 'They have left.' where resource = ?", id);
        }
        verification("").body("intact", equalTo(true));
    }

    @Test
    void aHeadThatSomebodyHasKeptIsComparedAndSoAreTheSeals() {
        disabled();
        seals.seal();
        seals.seal();
        var now = verification("").body("seals", notNullValue()).extract().jsonPath();
        var kept = "?number=" + now.getLong("rows") + "&digest=";
        verification(kept + now.getString("digest")).body("intact", equalTo(true));
        disabled();
        verification(kept + now.getString("digest")).body("intact", equalTo(true));
        verification(kept + "0".repeat(64)).body("fault.what", equalTo("not-as-remembered"));
        verification("?number=999999999&digest=" + "0".repeat(64))
                .body("fault.what", equalTo("cut"));
        for (var wrong : List.of("?number=1", "?digest=00", "?number=x&digest=" + "0".repeat(64))) {
            approver.get("/v1/admin/audit/verification" + wrong).statusCode(400);
        }
        var last = Sql.<Long>value("select max(number) from audit_seal");
        assertThat(Sql.<byte[]>value("select digest from audit_seal where number = ?", last))
                .isEqualTo(
                        Sql.<byte[]>value("select digest from audit_link where number = ?", last));
    }

    /** Behind the trigger that links it, and far down among the ids. */
    @Test
    void aRowThatTheChainKnowsNothingOfIsFound() throws SQLException {
        disabled();
        verification("").body("intact", equalTo(true));
        try (var connection = Sql.asOwner();
                var statement = connection.createStatement()) {
            statement.execute("alter table audit disable trigger audit_links_up");
            statement.execute(
                    """
                    insert into audit (id, at, action, resource, reason)
                    values ('ffffffff-0000-0000-0000-000000000000', '2026-01-01', 'test.plant', 'x', 'x')
                    """);
            try {
                verification("")
                        .body("intact", equalTo(false))
                        .body("fault.what", equalTo("unlinked"));
            } finally {
                statement.execute("alter table audit disable trigger audit_stays");
                statement.execute("delete from audit where action = 'test.plant'");
                statement.execute("alter table audit enable trigger audit_stays");
                statement.execute("alter table audit enable trigger audit_links_up");
            }
        }
        verification("").body("intact", equalTo(true));
    }

    /** Each goes through all there is, however many ask for it. */
    @Test
    void oneAtATimeIsVerified() throws Exception {
        try (var connection = Sql.asOwner();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table audit_seal in access exclusive mode");
            var pool = Executors.newSingleThreadExecutor();
            try {
                var first = pool.submit(() -> verifyAudit.verify(Map.of()).intact());
                await().atMost(Duration.ofSeconds(5))
                        .until(
                                () ->
                                        Sql.<Boolean>value(
                                                "select exists (select from pg_locks where not granted"
                                                        + " and relation = 'audit_seal'::regclass)"));
                var second =
                        approver.get("/v1/admin/audit/verification")
                                .statusCode(503)
                                .body("code", equalTo("unavailable"))
                                .extract()
                                .<String>path("detail");
                assertThat(second).contains("One at a time");
                connection.rollback();
                assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
            } finally {
                pool.shutdownNow();
            }
        }
        verification("").body("intact", equalTo(true));
    }

    /** A seal by another key at the same place is not in the way of ours. */
    @Test
    void everyKeyHasItsOwnSeal() throws SQLException {
        disabled();
        var head = Sql.<Long>value("select number from audit_head");
        try (var connection = Sql.asApp();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    insert into audit_seal (number, digest, at, mac, key)
                    select number, digest, '2026-01-01', sha256('x'), 'aaaaaaaaaaaaaaaa'
                      from audit_link where number = %d
                    """
                            .formatted(head));
        }
        seals.seal();
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from audit_seal where number >= ? and key <>"
                                        + " 'aaaaaaaaaaaaaaaa'",
                                head))
                .isPositive();
        verification("")
                .body("intact", equalTo(true))
                .body("sealsOfOtherKeys", greaterThanOrEqualTo(1));
    }

    /** Reasons are typed by people, who type whatever is at hand. */
    @Test
    void aNumberOfSomebodyIsLeftOutOfTheReasonAsWell() {
        var resource = "of-" + UUID.randomUUID();
        QuarkusTransaction.requiringNew()
                .run(
                        () ->
                                audit.tell(
                                        AuditTrail.Actor.UNKNOWN,
                                        new AuditTrail.Deed(
                                                "test.tell",
                                                AuditStep.DONE,
                                                resource,
                                                "Called +49151123456 about 4111-1111-"
                                                        + "1111-1111.",
                                                null,
                                                null,
                                                null)));
        approver.get("/v1/admin/audit?resource=" + resource)
                .body("items[0].reason", equalTo("Called [left out] about [left out]."));
    }

    @Test
    void theDatabaseLetsNobodyBendIt() throws SQLException {
        disabled();
        for (var sql :
                List.of(
                        "UPDATE of audit is refused: update audit set reason = 'x'",
                        "DELETE of audit is refused: delete from audit",
                        "TRUNCATE of audit: truncate audit cascade",
                        "UPDATE of audit_link is refused: update audit_link set digest = previous",
                        "DELETE of audit_link is refused: delete from audit_link",
                        "DELETE of audit_head is refused: delete from audit_head",
                        "audit_head_goes_on: update audit_head set number = number - 1",
                        "UPDATE of audit_seal is refused: update audit_seal set mac = digest",
                        "DELETE of audit_seal is refused: delete from audit_seal",
                        "DELETE of operator is refused: delete from operator")) {
            var parts = sql.split(": ", 2);
            assertThatThrownBy(() -> Sql.run(parts[1])).as(sql).hasStackTraceContaining(parts[0]);
        }
        try (var connection = Sql.asOwner();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("alter table audit disable trigger audit_links_up");
            statement.execute(
                    "insert into audit (id, at, action, resource, reason)"
                            + " values (gen_random_uuid(), now(), 'test.bend', 'x', 'x')");
            // It is there, and follows nothing.
            assertThatThrownBy(
                            () ->
                                    statement.execute(
                                            """
                                            insert into audit_link (number, audit, previous, digest)
                                            select h.number + 7, a.id, h.digest, h.digest
                                              from audit_head h, audit a
                                             where a.action = 'test.bend'
                                            """))
                    .hasMessageContaining("audit_link_follows");
            connection.rollback();
        }
        for (var sql :
                List.of(
                        "insert into audit_link (number, audit, previous, digest)"
                                + " select number + 1, gen_random_uuid(), digest, digest"
                                + " from audit_head",
                        "update audit_head set number = number + 1",
                        "select audit_links_up()")) {
            assertThatThrownBy(
                            () -> {
                                try (var connection = Sql.asApp();
                                        var statement = connection.createStatement()) {
                                    statement.execute(sql);
                                }
                            })
                    .as(sql)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
        verification("").body("intact", equalTo(true));
    }

    private void tell(String resource) {
        audit.tell(
                AuditTrail.Actor.UNKNOWN,
                new AuditTrail.Deed(
                        "test.tell",
                        AuditStep.DONE,
                        resource,
                        "It is told. Ünïcode: 你好.",
                        Map.of("b", 1, "a", "ü", "token", "kvo_x"),
                        null,
                        null));
    }

    private ValidatableResponse verification(String query) {
        return approver.get("/v1/admin/audit/verification" + query).statusCode(200);
    }

    private static void behindTheTriggers(String sql, Object value) throws SQLException {
        try (var connection = Sql.asOwner();
                var statement = connection.createStatement();
                var change = connection.prepareStatement(sql)) {
            connection.setAutoCommit(false);
            statement.execute("alter table audit disable trigger audit_stays");
            change.setObject(1, value);
            change.executeUpdate();
            statement.execute("alter table audit enable trigger audit_stays");
            connection.commit();
        }
    }
}
