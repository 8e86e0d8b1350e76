package kvit.rules;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.operate.Role;
import kvit.source.Clock;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How rules change, and how operators find out what they say and said. */
@KvitTest
class RulesAdminTest {

    private static final AtomicInteger NEXT = new AtomicInteger();

    @Inject Clock clock;
    @Inject RuleStore store;

    private TestOperator admin;
    private TestOperator approver;

    @BeforeEach
    void signIn() {
        admin = TestOperator.with(Role.ADMIN);
        approver = TestOperator.with(Role.APPROVER);
    }

    @Test
    void aRuleThatTwoWantedDecidesSecondsLaterAndOneThatOneWantedDoesNot() {
        var platform = platform();
        var before = evaluate(platform).body("verdict", equalTo("allowed"));
        var approval = propose(closing(platform));
        TestClock.advance(Duration.ofSeconds(10));
        evaluate(platform).body("verdict", equalTo("allowed"));

        admin.approve(approval).statusCode(403);
        approver.approve(approval).statusCode(200).body("state", equalTo("executed"));
        // It has been published and takes effect everywhere at the same later moment.
        evaluate(platform).body("verdict", equalTo("allowed"));
        TestClock.advance(RuleSets.LEAD);
        evaluate(platform)
                .body("verdict", equalTo("refused"))
                .body("code", equalTo("channel-not-allowed"))
                .body("text", equalTo("Closed."))
                .body("matched.id", hasItem("channel/" + platform))
                .body("matched.legalReference", hasItem("A test."));
        assertThat(before.extract().<Integer>path("ruleSet"))
                .isLessThan((int) store.newestVersion());
    }

    /** The transfer and the quote, not only the explanation. */
    @Test
    void theNewRuleDecidesTransfersAtOnceWhenItsTimeHasCome() {
        var client = client();
        var payer = TestPerson.signIn(Phones.next("FR"), client);
        payer.fund(100, "EUR");
        var payee = TestPerson.signIn(Phones.next("FR"));
        payer.send(payee, 1, "EUR", "before").statusCode(201);
        publish(closing(client));
        payer.send(payee, 1, "EUR", "published").statusCode(201);
        TestClock.advance(RuleSets.LEAD);
        payer.send(payee, 1, "EUR", "in effect")
                .statusCode(422)
                .body("code", equalTo("channel-not-allowed"));
        payer.send(payee, 1, "EUR", "before").statusCode(201);
    }

    /** As where the law of a country begins to want it; whatever was sent before was on a word. */
    @Test
    void aThresholdIsSwitchedOnByTwoAndCountsFromTheLastConfirmation() {
        var client = client();
        var payer = TestPerson.signIn(Phones.next(), client);
        payer.fund(10_00, "USD");
        var payee = TestPerson.fresh();
        String before = payer.send(payee, 1_20, "USD", "before").extract().path("id");
        var rule = threshold(client);
        assertThat(dryRun(rule))
                .filteredOn(it -> it.get("transferId").equals(before))
                .singleElement()
                .satisfies(
                        it -> assertThat(outcome(it, "now")).isEqualTo("completed"),
                        it ->
                                assertThat(outcome(it, "proposed"))
                                        .isEqualTo("requires_confirmation"));
        publish(rule);
        payer.send(payee, 1, "USD", "published").body("state", equalTo("completed"));
        TestClock.advance(RuleSets.LEAD);
        String first =
                payer.send(payee, 30, "USD", "first")
                        .body("state", equalTo("requires_confirmation"))
                        .extract()
                        .path("id");
        payer.confirm(first).statusCode(200).body("state", equalTo("completed"));
        payer.send(payee, 1_00, "USD", "all").body("state", equalTo("completed"));
        payer.send(payee, 50, "USD", "of it").body("state", equalTo("completed"));
        payer.send(payee, 1, "USD", "more").body("state", equalTo("requires_confirmation"));
        payer.send(payee, 1_01, "USD", "much").body("state", equalTo("requires_confirmation"));
        admin.get("/v1/admin/rules?kind=confirmation&country=FR")
                .statusCode(200)
                .body("items.id", hasItem("confirmation/EEA"));
    }

    @Test
    void aThresholdDemandsAConfirmationAndNothingElse() {
        var rule = threshold(platform());
        rule.put("condition", Map.of("max", 100, "requires", "VERIFICATION"));
        admin.post("/v1/admin/rules", Map.of("rule", rule, "reason", "To see what happens."))
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/rule/condition/requires"));
        assertRefused(
                """
                insert into rule (id, version, kind, subject, condition, effect, valid_from, zone,
                                  legal_reference, text_en, text_fr, text_ru, recorded_in)
                select 'confirmation/copy', 1, kind, subject, '{"max": 1, "requires": "VERIFICATION"}',
                       effect, valid_from, zone, legal_reference, text_en, text_fr, text_ru, 1
                  from rule where id = 'confirmation/GB'
                """,
                "rule_thresholds");
    }

    /** Of 1.00 USD each, and 1.50 in all. */
    private static Map<String, Object> threshold(String platform) {
        var rule = closing(platform);
        rule.put("id", "confirmation/" + platform);
        rule.put("kind", "CONFIRMATION");
        rule.put("effect", "REQUIRE");
        rule.put("subject", Map.of("platforms", List.of(platform), "currencies", List.of("USD")));
        rule.put("condition", Map.of("max", 100, "total", 150, "requires", "CONFIRMATION"));
        return rule;
    }

    /** No clock is helped along here: this is what a replica does by itself. */
    @Test
    void aReplicaFindsANewSetByItselfWithinFiveSeconds() {
        var platform = platform();
        publish(closing(platform));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> "refused".equals(evaluate(platform).extract().path("verdict")));
    }

    @Test
    void aRuleOfTheFutureWaitsForItsSecond() {
        var platform = platform();
        var from = clock.instant().plus(Duration.ofDays(1));
        var rule = closing(platform);
        rule.put("validFrom", LocalDateTime.ofInstant(from, ZoneOffset.UTC).toString());
        publish(rule);
        TestClock.advance(Duration.ofSeconds(10));
        admin = TestOperator.with(Role.ADMIN);
        evaluate(platform).body("verdict", equalTo("allowed"));
        evaluateAt(from.minusMillis(1), platform).body("verdict", equalTo("allowed"));
        evaluateAt(from, platform).body("verdict", equalTo("refused"));
    }

    @Test
    void thePastDecidesAsItWasKnownThen() {
        var client = client();
        var payer = TestPerson.signIn(Phones.next("FR"), client);
        payer.fund(100, "EUR");
        var payee = TestPerson.signIn(Phones.next("FR"));
        String transfer = payer.send(payee, 1, "EUR", "k").statusCode(201).extract().path("id");
        var then = clock.instant();
        publish(closing(client));
        TestClock.advance(RuleSets.LEAD);

        admin.post("/v1/admin/rules/evaluation", Map.of("transferId", transfer))
                .statusCode(200)
                .body("verdict", equalTo("allowed"))
                .body("recorded", nullValue())
                .body("matched.id", hasItems("country/FR", "corridor/FR-FR"))
                .body("matched.legalReference", everyItem(not(equalTo(""))));
        // The same question about the same moment, by what was known then and by what is known now.
        evaluate(Map.of("knownAt", then.toString(), "at", then.toString()), client)
                .body("verdict", equalTo("allowed"));
        evaluate(Map.of("at", then.toString()), client).body("verdict", equalTo("refused"));

        admin.post("/v1/admin/rules/evaluation", Map.of("transferId", java.util.UUID.randomUUID()))
                .statusCode(404);
        admin.post("/v1/admin/rules/evaluation", Map.of()).statusCode(400);
        admin.post(
                        "/v1/admin/rules/evaluation",
                        Map.of("transferId", transfer, "at", then.toString()))
                .statusCode(400);
        for (var time : List.of("2026", "+1000000000-12-31T23:59:59Z", "yesterday")) {
            for (var field : List.of("at", "knownAt")) {
                evaluateAs(Map.of(field, time), client).statusCode(400);
            }
        }
    }

    /** 584-FZ, to the second: the ban of foreign messengers, and the web beside it. */
    @ParameterizedTest
    @CsvSource({
        "telegram, 2023-02-28T20:59:59Z, allowed",
        "telegram, 2023-02-28T21:00:00Z, refused",
        "web, 2023-02-28T20:59:59Z, allowed",
        "web, 2023-02-28T21:00:00Z, allowed"
    })
    void theRussianBanBeganAtMidnightInMoscow(String platform, String at, String verdict) {
        admin.post(
                        "/v1/admin/rules/evaluation",
                        Map.of(
                                "payer",
                                Map.of("country", "RU"),
                                "payee",
                                Map.of("country", "RU"),
                                "channel",
                                Map.of(
                                        "platform",
                                        platform,
                                        "ownerCountry",
                                        "AE",
                                        "carries",
                                        platform.equals("web")
                                                ? List.of()
                                                : List.of("PERSONAL_DATA", "TRANSFER_DATA")),
                                "amount",
                                money(100, "RUB"),
                                "at",
                                at))
                .statusCode(200)
                .body("verdict", equalTo(verdict));
    }

    @Test
    void everyVersionIsKeptWithWhoWantedItAndWhy() {
        var platform = platform();
        var rule = closing(platform);
        publish(rule);
        rule.put("legalReference", "A better one.");
        publish(rule);
        admin.request()
                .queryParam("id", "channel/" + platform)
                .get("/v1/admin/rules/versions")
                .then()
                .statusCode(200)
                .body("items.version", equalTo(List.of(2, 1)))
                .body("items.legalReference", equalTo(List.of("A better one.", "A test.")))
                .body("items[0].supersededAt", nullValue())
                .body("items[1].supersededAt", equalTo(path("items[0].recordedAt", platform)))
                .body("items[0].proposedBy", equalTo(admin.email()))
                .body("items[0].approvedBy", equalTo(approver.email()))
                .body("items[0].reason", equalTo("To see what happens."));
        admin.get("/v1/admin/rule-sets?limit=1")
                .body("items[0].proposedBy", equalTo(admin.email()))
                .body("nextCursor", not(nullValue()));
    }

    private String path(String path, String platform) {
        return admin.request()
                .queryParam("id", "channel/" + platform)
                .get("/v1/admin/rules/versions")
                .path(path);
    }

    @Test
    void theListIsOfACountryOfAKindAndOfAMoment() {
        var then = clock.instant();
        var platform = platform();
        publish(closing(platform));
        admin.get("/v1/admin/rules?kind=country&country=FR")
                .statusCode(200)
                .body("items.id", equalTo(List.of("country/FR")));
        var ids = new ArrayList<String>();
        String cursor = null;
        do {
            var page =
                    admin.get(
                            "/v1/admin/rules?limit=100"
                                    + (cursor == null ? "" : "&cursor=" + cursor));
            ids.addAll(page.statusCode(200).extract().path("items.id"));
            cursor = page.extract().path("nextCursor");
        } while (cursor != null);
        assertThat(ids).doesNotHaveDuplicates().isSorted().hasSizeGreaterThan(300);
        assertThat(ids).contains("channel/" + platform);
        admin.get("/v1/admin/rules?kind=channel&limit=100&knownAt=" + then)
                .body("items.id", not(hasItem("channel/" + platform)));
        admin.get("/v1/admin/rules?kind=nonsense").statusCode(400);
        admin.get("/v1/admin/rules?knownAt=yesterday").statusCode(400);
        admin.get("/v1/admin/rules?country=%00").statusCode(400);
        admin.get("/v1/admin/rules/versions?id=%00").body("items", hasSize(0));
    }

    @Test
    void whatIsNoRuleIsRefusedBeforeAnybodyReadsIt() {
        var good = closing(platform());
        for (var fault :
                List.<Map<String, Object>>of(
                        Map.of("id", "no good id!"),
                        Map.of("kind", "NONSENSE"),
                        Map.of("effect", "MAYBE"),
                        Map.of("zone", "Moon/Crater"),
                        Map.of("validFrom", "yesterday"),
                        Map.of("validTo", "1999-01-01T00:00"),
                        Map.of("validTo", "+294277-01-01T00:00:00"),
                        Map.of("validFrom", "-999999999-01-01T00:00:00"),
                        Map.of("validFrom", "2020-01-01T00:00:00Z"),
                        Map.of("kind", "AGE", "condition", Map.of("age", "18")),
                        Map.of("legalReference", " "),
                        Map.of("legalReference", "nothing\u0000 at all"),
                        Map.of("subject", Map.of("platforms", List.of("Telegram"))),
                        Map.of("texts", Map.of("en", "Only English.")),
                        Map.of("subject", Map.of("countries", List.of("Atlantis"))),
                        Map.of("kind", "LIMIT", "condition", Map.of("max", 100)),
                        Map.of("effect", "REQUIRE"),
                        Map.of("surprise", "field"))) {
            var bad = new HashMap<>(good);
            bad.putAll(fault);
            admin.post("/v1/admin/rules", Map.of("rule", bad, "reason", "r"))
                    .statusCode(400)
                    .body("code", equalTo("validation-failed"));
        }
        admin.post("/v1/admin/rules", Map.of("rule", good)).statusCode(400);
        admin.post("/v1/admin/rules", Map.of("rule", good, "reason", " ")).statusCode(400);
    }

    @Test
    void aRuleThatChangedMeanwhileMakesTheRequestStale() {
        var rule = closing(platform());
        var approval = propose(rule);
        // Behind the back of the approvals, as a release may do.
        Sql.run(
                "insert into rule_set select max(version) + 1, max(effective_at), max(effective_at),"
                        + " 'release', 'a', 'b' from rule_set");
        Sql.run(
                """
                insert into rule (id, version, kind, subject, condition, effect, valid_from, zone,
                                  legal_reference, recorded_in)
                select ?, 1, 'CHANNEL', '{"platforms": ["nobody"]}', '{}', 'ALLOW', now(), 'UTC',
                       'A release.', max(version)
                  from rule_set
                """,
                rule.get("id"));
        approver.approve(approval).statusCode(409).body("code", equalTo("approval-stale"));
    }

    /** Two changes approved in one moment: each gets a set of its own, and none is lost. */
    @Test
    void changesThatAreApprovedAtOnceAllTakeEffect() throws Exception {
        var platforms = new ArrayList<String>();
        var tasks = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < 8; i++) {
            platforms.add(platform());
            var path = "/v1/admin/approvals/" + propose(closing(platforms.get(i))) + "/approval";
            tasks.add(() -> Http.post(approver.token(), path, null, "{}").statusCode());
        }
        assertThat(Race.run(4, tasks)).containsOnly(200);
        TestClock.advance(RuleSets.LEAD);
        for (var platform : platforms) {
            evaluate(platform).body("verdict", equalTo("refused"));
        }
    }

    @Test
    void aDryRunTellsWhichTransfersWouldHaveBeenDecidedOtherwise() {
        var client = client();
        var payer = TestPerson.signIn(Phones.next("RU"), client);
        payer.fund(1_000, "RUB");
        var payee = TestPerson.signIn(Phones.next("RU"));
        String first = payer.send(payee, 400, "RUB", "1").statusCode(201).extract().path("id");
        String second = payer.send(payee, 500, "RUB", "2").statusCode(201).extract().path("id");
        payer.send(payee, 500, "RUB", "poor").statusCode(422);

        var closing = dryRun(closing(client));
        assertThat(closing)
                .extracting(it -> it.get("transferId"))
                .contains(first, second)
                .hasSize(3);
        assertThat(closing).allSatisfy(it -> assertThat(outcome(it, "now")).isEqualTo("completed"));
        assertThat(closing)
                .allSatisfy(
                        it -> assertThat(outcome(it, "proposed")).isEqualTo("channel-not-allowed"));
        assertThat(closing)
                .extracting(it -> it.get("recorded"))
                .containsExactlyInAnyOrder(null, null, "insufficient-funds");

        // In a country without thresholds, or it would have to be confirmed as well.
        var hold = closing(client);
        hold.put("effect", "HOLD");
        assertThat(dryRun(hold))
                .hasSize(3)
                .allSatisfy(it -> assertThat(outcome(it, "proposed")).isEqualTo("pending"));

        // A limit looks at what had been moved before each of them.
        var limit = closing(client);
        limit.put("id", "limit/" + client);
        limit.put("kind", "LIMIT");
        limit.put("subject", Map.of("platforms", List.of(client), "currencies", List.of("RUB")));
        limit.put("condition", Map.of("max", 850, "window", "PT24H"));
        assertThat(dryRun(limit))
                .extracting(it -> it.get("transferId"))
                .doesNotContain(first)
                .contains(second);
        // Nothing has changed by having looked.
        payer.send(payee, 100, "RUB", "3").statusCode(201);
    }

    @Test
    void whatTheRulesSayIsForOperatorsAndChangesAreForAdmins() {
        for (var role : List.of(Role.SUPPORT, Role.FINANCE, Role.APPROVER)) {
            var operator = TestOperator.with(role);
            operator.get("/v1/admin/rules").statusCode(200);
            operator.post("/v1/admin/rules", Map.of("rule", closing("x"), "reason", "r"))
                    .statusCode(403);
        }
        TestPerson.fresh().get("/v1/admin/rules").statusCode(403);
    }

    @Test
    void theDatabaseKeepsRulesAsTheyWereAndWantsTwoPeople() {
        assertRefused("update rule set text_en = 'Anything' where id = 'country/FR'");
        assertRefused("delete from rule where id = 'country/FR'");
        assertRefused("update rule_set set reason = 'another' where version = 1");
        assertRefused("insert into rule_set values (9999, now(), now(), 'alone', 'eve', 'eve')");
        assertRefused(copy("'DENY'", "condition"), "rule_requires");
        assertRefused(copy("'HOLD'", "condition - 'requires'"), "rule_limits");
        assertRefused(copy("'ALLOW'", "condition - 'requires'"), "rule_limits");
        assertRefused(copy("'REQUIRE'", "condition - 'requires'"), "rule_limits");
        assertRefused(
                copy("'REQUIRE'", "condition || '{\"requires\": \"CONFIRMATION\"}'"),
                "rule_limits");
    }

    /** A limit that is like another one but for this. */
    private static String copy(String effect, String condition) {
        return """
                insert into rule
                select 'limit/copy', 1, kind, subject, %s, %s, valid_from, valid_to, zone, legal_reference,
                       text_en, text_fr, text_ru, 1, null
                  from rule where id = 'limit/EEA/SEND/PT720H'
                """
                .formatted(condition, effect);
    }

    private static void assertRefused(String sql, String constraint) {
        assertThatThrownBy(() -> Sql.run(sql)).hasStackTraceContaining('"' + constraint + '"');
    }

    private static void assertRefused(String sql) {
        assertThatThrownBy(() -> Sql.run(sql)).isInstanceOf(RuntimeException.class);
    }

    private static String outcome(Map<String, Object> changed, String when) {
        return (String) ((Map<?, ?>) changed.get(when)).get("outcome");
    }

    /** All pages. */
    private List<Map<String, Object>> dryRun(Map<String, Object> rule) {
        var changed = new ArrayList<Map<String, Object>>();
        String cursor = null;
        do {
            var body = new HashMap<String, Object>(Map.of("rule", rule, "days", 1));
            if (cursor != null) {
                body.put("cursor", cursor);
            }
            var page = admin.post("/v1/admin/rules/dry-run", body).statusCode(200).extract();
            changed.addAll(page.path("items"));
            cursor = page.path("nextCursor");
        } while (cursor != null);
        return changed;
    }

    private void publish(Map<String, Object> rule) {
        approver.approve(propose(rule)).statusCode(200);
    }

    private String propose(Map<String, Object> rule) {
        return admin.post("/v1/admin/rules", Map.of("rule", rule, "reason", "To see what happens."))
                .statusCode(202)
                .body("state", equalTo("open"))
                .body("resource", equalTo(rule.get("id")))
                .extract()
                .path("id");
    }

    /** A rule that disturbs no other test: it is about a platform that only one has. */
    private static Map<String, Object> closing(String platform) {
        var rule = new HashMap<String, Object>();
        rule.put("id", "channel/" + platform);
        rule.put("kind", "CHANNEL");
        rule.put("effect", "DENY");
        rule.put("subject", Map.of("platforms", List.of(platform)));
        rule.put("validFrom", "2020-01-01T00:00");
        rule.put("zone", "UTC");
        rule.put("legalReference", "A test.");
        rule.put("texts", Map.of("en", "Closed.", "fr", "Fermé.", "ru", "Закрыто."));
        return rule;
    }

    private static String platform() {
        return "platform-" + NEXT.getAndIncrement();
    }

    /** A front end of a platform of its own. */
    private static String client() {
        var client = platform();
        Sql.run(
                """
                insert into client_app (id, name, platform, owner_country, carries, confidential, scopes,
                                        state)
                values (?, ?, ?, 'US', '{}', false, '{profile,wallet,transfers.read,transfers.send}',
                        'ACTIVE')
                """,
                client,
                client,
                client);
        return client;
    }

    private ValidatableResponse evaluate(String platform) {
        return evaluate(Map.of(), platform);
    }

    private ValidatableResponse evaluateAt(Instant at, String platform) {
        return evaluate(Map.of("at", at.toString()), platform);
    }

    private ValidatableResponse evaluate(Map<String, String> times, String platform) {
        return evaluateAs(times, platform).statusCode(200);
    }

    private ValidatableResponse evaluateAs(Map<String, String> times, String platform) {
        var body =
                new HashMap<String, Object>(
                        Map.of(
                                "payer",
                                Map.of("country", "FR"),
                                "payee",
                                Map.of("country", "FR"),
                                "channel",
                                Map.of("platform", platform, "ownerCountry", "US"),
                                "amount",
                                money(100, "EUR")));
        body.putAll(times);
        return admin.post("/v1/admin/rules/evaluation", body);
    }
}
