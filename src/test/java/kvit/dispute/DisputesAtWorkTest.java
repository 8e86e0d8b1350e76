package kvit.dispute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.card.Desk;
import kvit.card.Notice;
import kvit.card.SimulatedCard;
import kvit.card.Simulator;
import kvit.card.Told;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.Role;
import kvit.payout.Payouts;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import kvit.topup.Till;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see of contested charges, and do about them. */
@KvitTest
class DisputesAtWorkTest {

    private static final String DISPUTES = "/v1/admin/disputes";
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Money TEN = new Money(10_00, Currency.USD);
    private static final Map<String, Object> REASON = Map.of("reason", "r");
    private static final Map<String, Object> TEXT = Map.of("text", "t", "reason", "r");

    @Inject Till till;
    @Inject Desk desk;
    @Inject Simulator simulated;
    @Inject Told told;
    @Inject Payouts payouts;
    @Inject Ledger ledger;
    @Inject MoneyTransactions transactions;
    @Inject Clock clock;
    @Inject Ids ids;

    private TestOperator finance;
    private UUID anna;
    private String charge;
    private String dispute;

    @BeforeEach
    void oneIsContested() {
        finance = TestOperator.with(Role.FINANCE);
        anna = desk.somebody();
        var card = till.card(anna, SimulatedCard.WORKS);
        till.topUp(simulated, anna, "k", card, 10_00);
        charge = Sql.value("select name from top_up where customer = ?", anna);
        take(null);
        dispute = found().get(0).toString();
    }

    private void take(Instant evidenceDueBy) {
        told.actUntilDone(
                told.tell(
                        new Notice.Chargeback(
                                charge, "d-" + anna, TEN, "fraudulent", evidenceDueBy)));
    }

    private void giveBack() {
        told.actUntilDone(told.tell(new Notice.ChargebackReversed(charge, "d-" + anna, TEN)));
    }

    private List<UUID> found() {
        return Sql.column("select id from dispute where customer = ? order by id", anna);
    }

    @Test
    void standsThereWithItsMoneyAndTheDaysThatAreLeft() {
        finance.get(DISPUTES + "?state=received&customer=" + anna)
                .statusCode(200)
                .body("items.id", contains(dispute))
                .body("items[0].daysLeft", oneOf(119, 120));
        finance.get(DISPUTES + "?state=won&customer=" + anna).body("items", empty());
        finance.get(DISPUTES + "?state=contested").statusCode(400);
        finance.get(DISPUTES + "?customer=anna").statusCode(400);
        finance.get(DISPUTES + "/" + dispute)
                .statusCode(200)
                .body("dispute.stage", equalTo("received"))
                .body("dispute.held.minor", equalTo(10_00))
                .body("dispute.reason", equalTo("fraudulent"))
                .body("postings.kind", contains("chargeback"))
                .body("holds.state", contains("pending"))
                .body("evidence", empty())
                .body("submission", nullValue());
    }

    @Test
    void evidenceIsAddedHandedInAndThenComplete() {
        var bytes = "a receipt".getBytes(StandardCharsets.UTF_8);
        var content = Base64.getEncoder().encodeToString(bytes);
        post("submission", Map.of("reason", "r"))
                .statusCode(422)
                .body("code", equalTo("evidence-missing"));
        post("evidence", Map.of("text", "They had it.", "reason", "r"))
                .statusCode(201)
                .body("sha256", nullValue());
        String file =
                post(
                                "evidence",
                                Map.of(
                                        "file",
                                        Map.of(
                                                "name",
                                                "receipt.txt",
                                                "mediaType",
                                                "text/plain",
                                                "content",
                                                content),
                                        "reason",
                                        "r"))
                        .statusCode(201)
                        .body("size", equalTo(bytes.length))
                        .extract()
                        .path("id");
        finance.get(DISPUTES + "/" + dispute + "/evidence/" + file)
                .statusCode(200)
                .body("content", equalTo(content))
                .body("sha256", equalTo(sha256(bytes)));

        post("submission", Map.of("reason", "By the dashboard."))
                .statusCode(200)
                .body("dispute.stage", equalTo("evidence_submitted"))
                .body("evidence", hasSize(2))
                .body("evidence[1].content", nullValue())
                .body("submission.by", equalTo(finance.email()));

        post("evidence", Map.of("text", "More.", "reason", "r"))
                .statusCode(422)
                .body("code", equalTo("evidence-submitted"));
        post("submission", Map.of("reason", "r"))
                .statusCode(422)
                .body("code", equalTo("evidence-submitted"));
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "insert into dispute_evidence (id, dispute, text, added_by,"
                                                + " added_at) values (gen_random_uuid(), ?, 't', 'o', now())",
                                        UUID.fromString(dispute)))
                .hasStackTraceContaining("was handed in");
        assertThat(
                        Sql.<String>column(
                                "select action from audit where resource = ? order by id", dispute))
                .containsExactly(
                        "disputes.evidence",
                        "disputes.evidence",
                        "disputes.read",
                        "disputes.submit");
    }

    private static String sha256(byte[] bytes) {
        return Sql.value("select encode(sha256(cast(? as bytea)), 'hex')", (Object) bytes);
    }

    /** It takes what is held of a customer, so it takes two. */
    @Test
    void whoGivesInHasLostAtOnceAndOnce() throws Exception {
        String request = post("acceptance", REASON).statusCode(202).extract().path("id");
        finance.approve(request).statusCode(403);
        assertThat(state()).isEqualTo("RECEIVED");
        var approver = TestOperator.with(Role.APPROVER);
        var answers =
                Race.run(
                        2,
                        2,
                        () ->
                                Http.post(
                                                approver.token(),
                                                "/v1/admin/approvals/" + request + "/approval",
                                                null,
                                                "{}")
                                        .statusCode());
        assertThat(answers).containsExactlyInAnyOrder(200, 409);

        finance.get(DISPUTES + "/" + dispute)
                .body("dispute.stage", equalTo("lost"))
                .body("dispute.daysLeft", nullValue())
                .body("postings.kind", contains("chargeback", "chargeback-lost"))
                .body("holds.state", contains("captured"));
        assertThat(Till.balance(anna)).isZero();
        assertThat(
                        Sql.<String>column(
                                "select topic from outbox where key = ? and topic = 'DisputeLost'",
                                anna))
                .hasSize(1);
        for (var action : List.of("evidence", "submission", "acceptance")) {
            post(action, action.equals("evidence") ? TEXT : REASON)
                    .statusCode(422)
                    .body("code", equalTo("dispute-settled"))
                    .body("state", equalTo("lost"));
        }
    }

    @Test
    void whoHandsInEvidenceMeanwhileDoesNotGiveIn() {
        String request = post("acceptance", REASON).statusCode(202).extract().path("id");
        post("evidence", TEXT).statusCode(201);
        post("submission", REASON).statusCode(200);
        TestOperator.with(Role.APPROVER)
                .approve(request)
                .statusCode(409)
                .body("code", equalTo("approval-stale"));
        assertThat(state()).isEqualTo("RECEIVED");
    }

    private String state() {
        return Sql.value("select state from dispute where id = ?", UUID.fromString(dispute));
    }

    /** Ours is for the processor to be quick; the processor's is what a dispute is lost by. */
    @Test
    void theDaysThatCountAreThoseForEvidenceUntilItIsHandedIn() {
        giveBack();
        var dueBy = clock.instant().plus(Duration.ofDays(9)).plusSeconds(3_600);
        take(dueBy);
        dispute = found().get(1).toString();
        finance.get(DISPUTES + "/" + dispute)
                .body("dispute.evidenceDueBy", equalTo(dueBy.toString()))
                .body("dispute.daysLeft", equalTo(9));
        finance.get("/v1/admin/customers/" + anna)
                .body("openDisputes.evidenceDueBy", contains(dueBy.toString()));
        post("evidence", TEXT).statusCode(201);
        post("submission", REASON).statusCode(200).body("dispute.daysLeft", oneOf(119, 120));
    }

    @Test
    void whoLooksIsRecorded() {
        finance.get(DISPUTES).statusCode(200);
        finance.get(DISPUTES + "?customer=" + anna).statusCode(200);
        finance.get(DISPUTES + "/" + dispute).statusCode(200);
        post("evidence", TEXT).statusCode(201);
        UUID evidence =
                Sql.value(
                        "select id from dispute_evidence where dispute = ?",
                        UUID.fromString(dispute));
        finance.get(DISPUTES + "/" + dispute + "/evidence/" + evidence).statusCode(200);
        assertThat(looks(anna.toString()))
                .containsExactly("disputes.search Disputes of a customer.");
        assertThat(looks(dispute))
                .containsExactly(
                        "disputes.read Looked into.",
                        "disputes.evidence r",
                        "disputes.read Looked at the evidence " + evidence + ".");
    }

    private static List<String> looks(String resource) {
        return Sql.column(
                "select action || ' ' || reason from audit where resource = ? order by id",
                resource);
    }

    /** What is free again and what they had meanwhile would else be gone together. */
    @Test
    void whatWasCreditedGoesBackTheMomentThatTheDisputeIsWon() {
        approve(credit(10_00));
        var other = desk.somebody();
        move(anna, other, 10_00);

        giveBack();

        assertWonWithTheCreditBack();
        post("credit-return", REASON).statusCode(422).body("code", equalTo("credit-returned"));
        take(null);
        assertThat(held()).isZero();
    }

    @Test
    void soItDoesWhenItIsWonLate() {
        approve(credit(10_00));
        move(anna, desk.somebody(), 10_00);
        approve(post("acceptance", REASON));
        assertThat(Till.balance(anna)).isZero();

        giveBack();

        assertWonWithTheCreditBack();
    }

    private void assertWonWithTheCreditBack() {
        assertThat(state()).isEqualTo("WON");
        assertThat(Till.balance(anna)).isZero();
        assertThat(held()).isZero();
        finance.get(DISPUTES + "/" + dispute)
                .body("credit.back.reason", equalTo("The dispute was won."))
                .body("credit.back.approvedBy", nullValue())
                .body(
                        "postings.kind",
                        hasItems("chargeback-won", "provisional-credit", "reversal"));
        assertThat(
                        Sql.<Long>value(
                                """
                                select coalesce(sum(e.minor), 0)::bigint
                                  from entry e join account a on a.id = e.account and a.kind = 'LOSSES'
                                 where e.posting in (?, ?)
                                """,
                                Ids.named(UUID.fromString(dispute), "credit"),
                                Ids.named(UUID.fromString(dispute), "credit-return")))
                .isZero();
        assertThat(
                        Sql.<String>column(
                                "select topic from outbox where key = ? and topic like 'Dispute%'"
                                        + " order by id",
                                anna))
                .endsWith("DisputeCreditReturned", "DisputeWon");
        assertThat(
                        Sql.<String>value(
                                "select payload::json -> 'creditBack' ->> 'minor' from outbox"
                                        + " where key = ? and topic = 'DisputeWon'",
                                anna))
                .isEqualTo("1000");
    }

    private long held() {
        return Sql.<Long>value(
                "select held from account where owner = ? and kind = 'WALLET'", anna);
    }

    /** Only from before credits went back by themselves. */
    @Test
    void noRoundIsCreditedWhileTheCreditOfOneBeforeIsOut() {
        giveBack();
        Sql.run(
                "insert into dispute_credit (dispute, id, minor, currency, reason, proposed_by,"
                        + " approved_by, at) values (?, ?, 1, 'USD', 'r', 'a', 'b', now())",
                UUID.fromString(dispute),
                ids.next());
        take(null);
        dispute = found().get(1).toString();
        credit(1).statusCode(422).body("code", equalTo("credit-given"));
    }

    /** Else one credit would be held, and lost, as if it were theirs. */
    @Test
    void whatTheyHaveOfOursIsNotHeldForAnotherDispute() {
        var second = till.card(anna, SimulatedCard.WORKS);
        till.topUp(simulated, anna, "second", second, 5_00);
        approve(credit(10_00));
        var other = desk.somebody();
        move(anna, other, 5_00);
        String charged =
                Sql.value("select name from top_up where customer = ? and key = 'second'", anna);

        told.actUntilDone(
                told.tell(
                        new Notice.Chargeback(
                                charged,
                                "second-" + anna,
                                new Money(5_00, Currency.USD),
                                "fraudulent")));

        assertThat(held()).isEqualTo(10_00);
        var another = found().get(1);
        assertThat(Sql.<Long>value("select held from dispute where id = ?", another)).isZero();
        // What they get back themselves it was that the second one did not find.
        giveBack();
        assertThat(Till.balance(anna)).isEqualTo(10_00);
        assertThat(held()).isEqualTo(5_00);
        assertThat(Sql.<Long>value("select held from dispute where id = ?", another))
                .isEqualTo(5_00);
        assertThat(
                        Sql.<String>value(
                                "select payload::json -> 'heldOn' ->> 'minor' from outbox"
                                        + " where key = ? and topic = 'DisputeWon'",
                                anna))
                .isEqualTo("500");
    }

    @Test
    void theTablesRefuseAReturnByNobodyAndAnEndThatLeavesACreditOut() {
        approve(credit(1_00));
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "insert into dispute_credit_return (dispute, reason, at)"
                                                + " values (?, 'r', now())",
                                        UUID.fromString(dispute)))
                .hasStackTraceContaining("nobody has taken back the credit");
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update dispute set state = 'WON', won_at = now() where id = ?",
                                        UUID.fromString(dispute)))
                .hasStackTraceContaining("its credit is out");
    }

    @Test
    void whoIsUnderASanctionIsCreditedNothing() {
        Sql.run("update customer set country = 'KP' where id = ?", anna);
        credit(1).statusCode(422).body("code", equalTo("country-not-served"));
    }

    /** The hold stays; what they have meanwhile is ours. */
    @Test
    void whatIsHeldIsCreditedForATimeAndTakenBack() {
        credit(10_01).statusCode(422).body("code", equalTo("credit-exceeds-hold"));
        finance.post(
                        DISPUTES + "/" + dispute + "/credit",
                        Map.of("amount", TestPerson.money(1, "EUR"), "reason", "r"))
                .statusCode(400);
        post("credit-return", REASON).statusCode(404).body("code", equalTo("credit-not-found"));
        approve(credit(6_00));

        assertThat(Till.balance(anna)).isEqualTo(16_00);
        finance.get(DISPUTES + "/" + dispute)
                .body("credit.amount.minor", equalTo(6_00))
                .body("postings.kind", contains("chargeback", "provisional-credit"))
                .body("holds.state", contains("pending"));
        credit(1).statusCode(422).body("code", equalTo("credit-given"));

        approve(post("credit-return", REASON));

        assertThat(Till.balance(anna)).isEqualTo(10_00);
        finance.get(DISPUTES + "/" + dispute)
                .body("credit.back.proposedBy", equalTo(finance.email()))
                .body("postings.kind", contains("chargeback", "provisional-credit", "reversal"));
        post("credit-return", REASON).statusCode(422).body("code", equalTo("credit-returned"));
        assertThat(
                        Sql.<String>column(
                                "select topic from outbox where key = ? and topic like 'DisputeCredit%'"
                                        + " order by id",
                                anna))
                .containsExactly("DisputeCredited", "DisputeCreditReturned");
    }

    @Test
    void aCreditIsTakenBackWhenItIsThereAndAskedForAnewWhenTheDisputeHasEnded() {
        approve(credit(10_00));
        String asked = post("credit-return", REASON).statusCode(202).extract().path("id");
        approve(post("acceptance", REASON));
        assertThat(Till.balance(anna)).isEqualTo(10_00);
        credit(1).statusCode(422).body("code", equalTo("dispute-settled"));
        TestOperator.with(Role.APPROVER)
                .approve(asked)
                .statusCode(409)
                .body("code", equalTo("approval-stale"));

        String again = post("credit-return", REASON).statusCode(202).extract().path("id");
        payouts.fund(anna, 1);
        var other = desk.somebody();
        move(anna, other, 5_00);
        TestOperator.with(Role.APPROVER)
                .approve(again)
                .statusCode(422)
                .body("code", equalTo("insufficient-funds"))
                .body("available.minor", equalTo(5_01));
        post("credit-return", REASON).statusCode(422).body("code", equalTo("insufficient-funds"));
        move(other, anna, 5_00);
        TestOperator.with(Role.APPROVER).approve(again).statusCode(200);
        assertThat(Till.balance(anna)).isEqualTo(1);
    }

    private void move(UUID from, UUID to, long minor) {
        var posting =
                Posting.of(
                        ids.next(),
                        "test",
                        clock.instant(),
                        from,
                        to,
                        new Money(minor, Currency.USD));
        assertThat(transactions.once(() -> ledger.post(List.of(posting))).get(0).refusal())
                .isNull();
    }

    private ValidatableResponse credit(long minor) {
        return finance.post(
                DISPUTES + "/" + dispute + "/credit",
                Map.of("amount", TestPerson.money(minor, "USD"), "reason", "r"));
    }

    private static void approve(ValidatableResponse proposed) {
        String request = proposed.statusCode(202).extract().path("id");
        TestOperator.with(Role.APPROVER).approve(request).statusCode(200);
    }

    @Test
    void whatCannotBeIsRefused() {
        post("evidence", Map.of("reason", "r")).statusCode(400);
        post("evidence", Map.of("text", "t")).statusCode(400);
        for (var file :
                List.of(
                        Map.of("name", "n", "mediaType", "text/html", "content", "YQ=="),
                        Map.of("name", "n", "mediaType", "text/plain", "content", "~"),
                        Map.of(
                                "name",
                                "n",
                                "mediaType",
                                "text/plain",
                                "content",
                                "A".repeat(56_000)))) {
            post("evidence", Map.of("file", file, "reason", "r")).statusCode(400);
        }
        var nobodys = DISPUTES + "/" + UUID.randomUUID();
        finance.get(nobodys).statusCode(404).body("code", equalTo("dispute-not-found"));
        finance.post(nobodys + "/acceptance", Map.of("reason", "r")).statusCode(404);
        finance.get(DISPUTES + "/" + dispute + "/evidence/" + UUID.randomUUID())
                .statusCode(404)
                .body("code", equalTo("evidence-not-found"));
        for (var role : List.of(Role.SUPPORT, Role.APPROVER, Role.ADMIN)) {
            TestOperator.with(role)
                    .post(DISPUTES + "/" + dispute + "/acceptance", Map.of("reason", "r"))
                    .statusCode(403);
        }
        Sql.run(
                "insert into dispute_evidence (id, dispute, text, added_by, added_at)"
                        + " select gen_random_uuid(), ?, 't', 'o', now() from generate_series(1, 20)",
                UUID.fromString(dispute));
        post("evidence", Map.of("text", "t", "reason", "r"))
                .statusCode(422)
                .body("code", equalTo("evidence-limit-reached"));
    }

    private ValidatableResponse post(String action, Map<String, Object> body) {
        return finance.post(DISPUTES + "/" + dispute + "/" + action, body);
    }
}
