package kvit.cases;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.operate.Role;
import kvit.source.Clock;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other bounds of limits, for one person and for a time. */
@KvitTest
class LimitOverrideTest {

    private static final String RULE = "limit/US/SEND/PT168H";
    private static final long RULED = 60_000_00;

    @Inject Clock clock;

    private TestOperator finance;
    private TestOperator approver;
    private TestPerson anna;
    private TestPerson boris;

    @BeforeEach
    void twoPeople() {
        finance = TestOperator.with(Role.FINANCE);
        approver = TestOperator.with(Role.APPROVER);
        anna = TestPerson.with(100_00, "USD");
        boris = TestPerson.fresh();
    }

    @Test
    void countsFromTheApprovalOnAndIsExplainedForEveryMoment() {
        String before = anna.send(boris, 5_00, "USD", "1").statusCode(201).extract().path("id");
        var waiting = propose(wish(10_00L, null, hours(1))).statusCode(202);
        anna.send(boris, 1_00, "USD", "2").statusCode(201);

        String approval = waiting.extract().path("id");
        finance.approve(approval).statusCode(403);
        approver.approve(approval).statusCode(200);

        String fits = anna.send(boris, 4_00, "USD", "3").statusCode(201).extract().path("id");
        anna.send(boris, 1, "USD", "4")
                .statusCode(422)
                .body("code", equalTo("limit-exceeded"))
                .body("rule", equalTo(RULE))
                .body("limit.minor", equalTo(10_00))
                .body("remaining.minor", equalTo(0));
        explain(Map.of("transferId", before)).body(sending("max"), equalTo((int) RULED));
        explain(Map.of("transferId", before)).body(sending("override"), nullValue());
        explain(Map.of("transferId", fits)).body(sending("max"), equalTo(10_00));
        explain(Map.of("transferId", fits))
                .body(sending("override.approvedBy"), equalTo(approver.email()))
                .body(sending("override.reason"), equalTo("They were deceived before."));
        explain(thoughtUp(hours(0))).body(sending("max"), equalTo(10_00));
        explain(thoughtUp(hours(2))).body(sending("max"), equalTo((int) RULED));
        explain(thoughtUp(hours(-1))).body(sending("max"), equalTo((int) RULED));
        finance.get("/v1/admin/customers/" + anna.id())
                .body("limits.find { it.rule == '" + RULE + "' }.left.minor", equalTo(0))
                .body("limits.find { it.rule == '" + RULE + "' }.override.max", equalTo(10_00))
                .body(
                        "limits.find { it.rule == '" + RULE + "' }.override.window",
                        equalTo("PT168H"));
        finance.get(path()).statusCode(200).body("items", hasSize(1));
        // Of nobody else.
        boris.fund(20_00, "USD");
        boris.send(anna, 20_00, "USD", "k").statusCode(201);
    }

    @Test
    void theLastOneCountsAndEndsByItself() {
        approve(propose(wish(null, 0L, hours(1))));
        anna.send(boris, 1, "USD", "1").statusCode(422).body("limit", equalTo(0));

        approve(propose(wish(1_00L, null, clock.instant().plusSeconds(2))));

        // The one before is over and does not come back, neither now nor then.
        anna.send(boris, 1_00, "USD", "2").statusCode(201);
        anna.send(boris, 1, "USD", "3").statusCode(422);
        await().pollInterval(Duration.ofMillis(300))
                .until(
                        () ->
                                Http.post(
                                                        anna,
                                                        "/v1/transfers",
                                                        UUID.randomUUID().toString(),
                                                        transfer(1))
                                                .statusCode()
                                        == 201);
        finance.get(path()).body("items.max", contains(1_00, null));
    }

    @Test
    void aHigherOneLetsMoreThrough() {
        Sql.run(
                "update limit_counter set minor = ? where customer = ? and operation = 'SEND'",
                RULED,
                anna.id());
        anna.send(boris, 1_00, "USD", "0").statusCode(201);
        Sql.run(
                "update limit_counter set minor = ? where customer = ? and operation = 'SEND'",
                RULED,
                anna.id());
        anna.send(boris, 1_00, "USD", "1").statusCode(422);
        approve(propose(wish(RULED + 1_00, null, hours(1))));
        anna.send(boris, 1_00, "USD", "2").statusCode(201);
        anna.send(boris, 1, "USD", "3").statusCode(422).body("code", equalTo("limit-exceeded"));
    }

    /** So much a week is not so much of whatever else the rule has become. */
    @Test
    void isOfTheLimitThatItWasMadeForAndOfNoOther() {
        approve(propose(wish(1_00L, null, hours(1))));
        anna.send(boris, 2_00, "USD", "1").statusCode(422);
        assertThat(
                        Sql.<String>value(
                                "select overrides -> 0 ->> 'window' from limit_counter where customer = ?"
                                        + " and operation = 'SEND'",
                                anna.id()))
                .isEqualTo("PT168H");
        // As if it had been made when the rule was about a month.
        Sql.run("alter table limit_override disable trigger limit_override_stays");
        Sql.run("update limit_override set window_seconds = 2592000 where customer = ?", anna.id());
        Sql.run("alter table limit_override enable trigger limit_override_stays");
        Sql.run(
                "update limit_counter set overrides = jsonb_set(overrides, '{0,window}', '\"PT720H\"')"
                        + " where customer = ? and operation = 'SEND'",
                anna.id());

        anna.send(boris, 2_00, "USD", "2").statusCode(201);
        finance.get("/v1/admin/customers/" + anna.id())
                .body("limits.find { it.rule == '" + RULE + "' }.max.minor", equalTo((int) RULED))
                .body("limits.find { it.rule == '" + RULE + "' }.override", nullValue());
        explain(thoughtUp(hours(0))).body(sending("override"), nullValue());
    }

    /**
     * Each transfer counts by the one bound or by the other, and none by the old one afterwards.
     */
    @Test
    void whatRunsWhileItIsApprovedIsCountedByOneOfTheTwo() throws Exception {
        String approval = propose(wish(5_00L, null, hours(1))).extract().path("id");
        var tasks = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < 24; i++) {
            var key = "race-" + i;
            tasks.add(() -> Http.post(anna, "/v1/transfers", key, transfer(1_00)).statusCode());
        }
        tasks.add(
                8,
                () ->
                        Http.post(
                                        approver.token(),
                                        "/v1/admin/approvals/" + approval + "/approval",
                                        null,
                                        "{}")
                                .statusCode());

        assertThat(Race.run(8, tasks)).containsOnlyOnceElementsOf(List.of(200)).contains(201);

        assertThat(
                        Sql.<Long>column(
                                "select u.minor from limit_usage u join limit_override o"
                                        + " on o.customer = u.customer and u.at > o.since"
                                        + " where u.customer = ? and u.operation = 'SEND'",
                                anna.id()))
                .allMatch(it -> it <= 5_00);
        anna.send(boris, 5_01, "USD", "over").statusCode(422);
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnybodyIsAskedToApproveIt() {
        invalid(wish(1L, null, hours(-1)), "/until");
        invalid(wish(1L, null, hours(24 * 367)), "/until");
        invalid(wish(null, null, hours(1)), "/max");
        invalid(with(wish(1L, null, hours(1)), "rule", "limit/none"), "/rule");
        invalid(with(wish(1L, null, hours(1)), "operation", "RECEIVE"), "/rule");
        invalid(with(wish(1L, null, hours(1)), "currency", "EUR"), "/rule");
        invalid(with(wish(1L, null, hours(1)), "reason", " "), "/reason");
        invalid(wish(-1L, null, hours(1)), "/max");
        finance.post(
                        path().replace(anna.id().toString(), UUID.randomUUID().toString()),
                        wish(1L, null, hours(1)))
                .statusCode(404)
                .body("code", equalTo("customer-not-found"));
        for (var role : List.of(Role.APPROVER, Role.ADMIN)) {
            TestOperator.with(role).post(path(), wish(1L, null, hours(1))).statusCode(403);
        }
        finance.get(path()).body("items", hasSize(0));
    }

    /** Its maker has had another bound before their eyes. */
    @Test
    void oneThatWasAskedForBeforeAnotherOneCameIsStale() {
        var other = with(wish(1L, null, hours(1)), "operation", "SEND");
        String first = propose(other).statusCode(202).extract().path("id");
        propose(other).statusCode(409).body("code", equalTo("approval-pending"));
        Sql.run(
                "insert into limit_override (id, customer, rule, operation, currency, max, since, until,"
                        + " reason, proposed_by, approved_by) values (gen_random_uuid(), ?, ?, 'SEND',"
                        + " 'USD', 1, now() - interval '1 s', now(), 'r', 'a', 'b')",
                anna.id(),
                RULE);
        approver.approve(first).statusCode(409).body("code", equalTo("approval-stale"));
    }

    private void invalid(Map<String, Object> wish, String pointer) {
        propose(wish)
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body("errors.pointer", contains(pointer));
    }

    private void approve(ValidatableResponse proposed) {
        String approval = proposed.statusCode(202).extract().path("id");
        approver.approve(approval).statusCode(200);
    }

    private ValidatableResponse propose(Map<String, Object> wish) {
        return finance.post(path(), wish);
    }

    private String path() {
        return "/v1/admin/customers/" + anna.id() + "/limit-overrides";
    }

    private ValidatableResponse explain(Map<String, Object> question) {
        return finance.post("/v1/admin/rules/evaluation", question).statusCode(200);
    }

    private Map<String, Object> thoughtUp(Instant at) {
        var payer = Map.of("country", "US", "customerId", anna.id());
        return Map.of(
                "payer",
                payer,
                "payee",
                Map.of("country", "US"),
                "amount",
                money(1, "USD"),
                "at",
                at.toString());
    }

    private String transfer(long minor) {
        return """
               {"payee": {"customerId": "%s"}, "amount": {"minor": %d, "currency": "USD"}}
               """
                .formatted(boris.id(), minor);
    }

    private static String sending(String member) {
        return "limits.find { it.rule == '" + RULE + "' }." + member;
    }

    private Instant hours(int hours) {
        return clock.instant().plus(Duration.ofHours(hours));
    }

    private static Map<String, Object> wish(Long max, Long count, Instant until) {
        var wish = new HashMap<String, Object>();
        wish.put("rule", RULE);
        wish.put("operation", "SEND");
        wish.put("currency", "USD");
        wish.put("max", max);
        wish.put("count", count);
        wish.put("until", until.toString());
        wish.put("reason", "They were deceived before.");
        return wish;
    }

    private static Map<String, Object> with(Map<String, Object> wish, String member, Object value) {
        var other = new HashMap<>(wish);
        other.put(member, value);
        return other;
    }
}
