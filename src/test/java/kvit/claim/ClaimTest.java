package kvit.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.card.Desk;
import kvit.operate.Role;
import kvit.payout.BusinessDays;
import kvit.source.Ids;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What customers claim of transfers: by when, from whom, and once. */
@KvitTest
class ClaimTest {

    private static final String CLAIMS = "/v1/admin/claims";
    private static final Map<String, Object> REASON = Map.of("reason", "r");
    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject BusinessDays days;

    private TestOperator support;
    private TestOperator approver;
    private TestPerson anna;
    private TestPerson boris;
    private String transfer;

    @BeforeEach
    void somethingWasSent() {
        support = TestOperator.with(Role.SUPPORT);
        approver = TestOperator.with(Role.APPROVER);
        anna = TestPerson.with(10_00, "USD");
        boris = TestPerson.fresh();
        transfer = anna.send(boris, 10_00, "USD", "k").statusCode(201).extract().path("id");
    }

    @ParameterizedTest
    @CsvSource({
        "US, unauthorised, 10, credit, true, 1005.11",
        "US, wrong, 10, credit, true, 1005.11",
        "DE, unauthorised, 1, refund, false, Art. 73",
        "FR, wrong, 15, answer, false, Art. 101",
        "GB, unauthorised, 1, refund, false, reg. 76",
        "RU, unauthorised, 15, answer, false, product decision"
    })
    void thePayersCountrySaysUntilWhenAndWhat(
            String country, String kind, int first, String due, boolean hasLast, String law) {
        Sql.run("update customer set country = ? where id = ?", country, anna.id());
        paidInto(Duration.ofDays(31));

        var claim = open(kind).statusCode(201).extract().jsonPath();

        var opened = Instant.parse(claim.getString("claim.openedAt"));
        var deadline = Instant.parse(claim.getString("claim.deadline"));
        assertThat(deadline).isEqualTo(days.close(country, opened, first));
        assertThat(claim.getInt("claim.daysLeft")).isEqualTo(first);
        assertThat(claim.getBoolean("claim.overdue")).isFalse();
        assertThat(claim.getString("claim.due")).isEqualTo(due);
        assertThat(claim.getString("claim.legalReference")).contains(law);
        assertThat(claim.getString("claim.lastAt"))
                .isEqualTo(hasLast ? opened.plus(Duration.ofDays(45)).toString() : null);
    }

    /** So much before by now; a wallet is opened by what it is paid first. */
    private void paidInto(Duration before) {
        Sql.run(
                "update account set opened_at = opened_at - cast(? as interval) where owner = ?",
                before.toString(),
                anna.id());
    }

    @ParameterizedTest
    @CsvSource({"29, 20, 90, (c)(3)", "31, 10, 45, (c)(1)"})
    void whatWasDoneWhileAWalletWasNewTakesLonger(int old, int first, int last, String law) {
        paidInto(Duration.ofDays(old));
        var claim = open("unauthorised").statusCode(201).extract().jsonPath();

        var opened = Instant.parse(claim.getString("claim.openedAt"));
        assertThat(Instant.parse(claim.getString("claim.deadline")))
                .isEqualTo(days.close("US", opened, first));
        assertThat(claim.getString("claim.lastAt"))
                .isEqualTo(opened.plus(Duration.ofDays(last)).toString());
        assertThat(claim.getString("claim.legalReference")).contains(law);
    }

    /** No country of ours gives more time there. */
    @Test
    void elsewhereANewWalletMakesNoDifference() {
        Sql.run("update customer set country = 'DE' where id = ?", anna.id());
        open("unauthorised").statusCode(201).body("claim.daysLeft", equalTo(1));
    }

    @Test
    void whatWasCreditedBuysTimeForAsLongAsItIsOut() {
        var id = opened();
        var first = support.get(CLAIMS + "/" + id).extract().<String>path("claim.deadline");
        work(id, "investigation").statusCode(200);
        approve(work(id, "credit"));
        approve(work(id, "credit-return"));

        support.get(CLAIMS + "/" + id)
                .body("claim.state", equalTo("investigating"))
                .body("claim.deadline", equalTo(first));
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update claim set deadline = deadline - interval '1 day'"
                                                + " where id = ?",
                                        UUID.fromString(id)))
                .hasStackTraceContaining("would become another");
    }

    @Test
    void itsCustomerSeesWhatBecomesOfIt() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        approve(work(id, "credit"));

        anna.get("/v1/claims")
                .statusCode(200)
                .body("items.id", contains(id))
                .body("items[0].transferId", equalTo(transfer))
                .body("items[0].state", equalTo("investigating"))
                .body("items[0].statement", equalTo("It was not me."))
                .body("items[0].credited.minor", equalTo(10_00))
                .body("items[0].deadline", notNullValue())
                .body("items[0].openedBy", nullValue());
        boris.get("/v1/claims").statusCode(200).body("items", empty());
        boris.get("/v1/claims/" + id).statusCode(404).body("code", equalTo("claim-not-found"));

        approve(work(id, "credit-return"));
        work(id, "rejection").statusCode(200);
        anna.get("/v1/claims/" + id)
                .statusCode(200)
                .body("state", equalTo("rejected"))
                .body("credited", nullValue())
                .body("deadline", nullValue())
                .body("endedAt", notNullValue());
        var second = opened();
        String cursor =
                anna.get("/v1/claims?limit=1")
                        .body("items.id", contains(second))
                        .extract()
                        .path("nextCursor");
        anna.get("/v1/claims?limit=1&cursor=" + cursor)
                .body("items.id", contains(id))
                .body("nextCursor", nullValue());
    }

    @Test
    void isAmongWhatSupportSeesOfItsCustomer() {
        var id = opened();
        var file = "/v1/admin/customers/" + anna.id();
        support.get(file)
                .body("openClaims.id", contains(id))
                .body("openClaims[0].transferId", equalTo(transfer))
                .body("openClaims[0].kind", equalTo("unauthorised"))
                .body("openClaims[0].overdue", equalTo(false))
                .body("openClaims[0].credited", nullValue());
        work(id, "investigation").statusCode(200);
        work(id, "rejection").statusCode(200);
        support.get(file).body("openClaims", empty());
    }

    @Test
    void whoeverLooksForItByItsTransferIsRecorded() {
        var id = opened();
        support.get(CLAIMS + "?transfer=" + transfer).body("items.id", contains(id));
        assertThat(audited(transfer)).containsExactly("claims.search Claims on a transfer.");
    }

    /** Nothing of ours goes to whoever is on a list, for the time being or for good. */
    @Test
    void whoIsUnderASanctionIsGivenNothingOfOurs() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        String asked = work(id, "credit").statusCode(202).extract().path("id");
        Sql.run("update customer set country = 'KP' where id = ?", anna.id());

        approver.approve(asked).statusCode(422).body("code", equalTo("country-not-served"));
        work(id, "credit").statusCode(422).body("code", equalTo("country-not-served"));
        accept(id, "losses").statusCode(422).body("code", equalTo("country-not-served"));
        assertThat(anna.balance("USD")).isZero();
        assertThat(losses(id)).isZero();
    }

    /** Frozen because somebody else has used their wallet: they have it all the same. */
    @Test
    void whoIsFrozenIsCredited() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        Sql.run("update customer set state = 'FROZEN', frozen_at = now() where id = ?", anna.id());
        approve(work(id, "credit"));
        assertThat(losses(id)).isEqualTo(-10_00);
    }

    @Test
    void isOpenOnceAndItsCustomerIsTold() throws Exception {
        var body =
                """
                {"transferId": "%s", "kind": "wrong", "statement": "Twice.", "reason": "By phone."}
                """
                        .formatted(transfer);
        var answers =
                Race.run(2, 2, () -> Http.post(support.token(), CLAIMS, null, body).statusCode());
        assertThat(answers).containsExactlyInAnyOrder(201, 409);
        var id = idOfTransfer();
        open("wrong").statusCode(409).body("claimId", equalTo(id));
        support.get(CLAIMS + "/" + id)
                .statusCode(200)
                .body("claim.state", equalTo("received"))
                .body("claim.customerId", equalTo(anna.id().toString()))
                .body("claim.amount.minor", equalTo(10_00))
                .body("claim.openedBy", equalTo(support.email()))
                .body("postings.kind", contains("transfer"))
                .body("credit", nullValue());
        assertThat(audited(id))
                .containsExactly("claims.open By phone.", "claims.read Looked into.");
        awaitMessage("we have your claim about 10.00 USD");
    }

    private String idOfTransfer() {
        return Sql.<UUID>value("select id from claim where transfer = ?", UUID.fromString(transfer))
                .toString();
    }

    private static List<String> audited(String id) {
        return Sql.column(
                "select action || ' ' || reason from audit where resource = ? order by id", id);
    }

    private void awaitMessage(String part) {
        await().atMost(SOON)
                .until(() -> Desk.messages(anna).stream().anyMatch(it -> it.contains(part)));
    }

    @Test
    void isRejectedByOneWhoHasLookedIntoItAndMayBeClaimedAnew() {
        var id = opened();
        work(id, "rejection").statusCode(422).body("code", equalTo("claim-not-investigated"));
        accept(id, "losses").statusCode(422).body("code", equalTo("claim-not-investigated"));
        work(id, "investigation").statusCode(200).body("claim.state", equalTo("investigating"));
        work(id, "investigation").statusCode(422).body("code", equalTo("claim-investigated"));

        work(id, "rejection")
                .statusCode(200)
                .body("claim.state", equalTo("rejected"))
                .body("claim.daysLeft", nullValue());

        for (var action : List.of("investigation", "rejection", "credit", "credit-return")) {
            work(id, action)
                    .statusCode(422)
                    .body("code", equalTo("claim-settled"))
                    .body("state", equalTo("rejected"));
        }
        accept(id, "losses").statusCode(422).body("code", equalTo("claim-settled"));
        assertThat(anna.balance("USD")).isZero();
        awaitMessage("your claim about 10.00 USD is rejected");
        open("wrong").statusCode(201);
    }

    @Test
    void whatTakesItsTimeIsCreditedAndTakenBackByTwo() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        String request = work(id, "credit").statusCode(202).extract().path("id");
        support.approve(request).statusCode(403);
        assertThat(anna.balance("USD")).isZero();
        approver.approve(request).statusCode(200);

        assertThat(anna.balance("USD")).isEqualTo(10_00);
        var shown = support.get(CLAIMS + "/" + id).extract().jsonPath();
        assertThat(shown.getString("claim.deadline")).isEqualTo(shown.getString("claim.lastAt"));
        assertThat(shown.getString("credit.given.approvedBy")).isEqualTo(approver.email());
        work(id, "credit").statusCode(422).body("code", equalTo("claim-credited"));
        work(id, "rejection").statusCode(422).body("code", equalTo("claim-credit-out"));
        awaitMessage("10.00 USD is in your wallet until your claim is decided");

        approve(work(id, "credit-return"));

        assertThat(anna.balance("USD")).isZero();
        assertThat(losses(id)).isZero();
        work(id, "credit-return").statusCode(404).body("code", equalTo("claim-not-credited"));
        work(id, "rejection").statusCode(200);
    }

    /** Nobody falls below zero: what is gone is ours to bear. */
    @Test
    void whatIsSpentMeanwhileIsAcceptedAndNotPaidTwice() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        approve(work(id, "credit"));
        anna.send(boris, 1, "USD", "spent").statusCode(201);
        work(id, "credit-return")
                .statusCode(422)
                .body("code", equalTo("insufficient-funds"))
                .body("available.minor", equalTo(9_99));

        approve(accept(id, "losses"));

        assertThat(anna.balance("USD")).isEqualTo(9_99);
        assertThat(losses(id)).isEqualTo(-10_00);
        support.get(CLAIMS + "/" + id)
                .body("claim.state", equalTo("accepted"))
                .body("claim.way", equalTo("losses"))
                .body("credit.back", nullValue());
        awaitMessage("your claim is accepted. 10.00 USD is yours");
    }

    @Test
    void isMadeGoodFromUsWhereThePayeeHasNothing() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        boris.send(TestPerson.fresh(), 1, "USD", "gone").statusCode(201);
        accept(id, "reversal").statusCode(422).body("code", equalTo("insufficient-funds"));

        approve(accept(id, "losses"));

        assertThat(anna.balance("USD")).isEqualTo(10_00);
        assertThat(losses(id)).isEqualTo(-10_00);
        support.get(CLAIMS + "/" + id).body("postings.kind", contains("transfer", "claim-refund"));
    }

    /** Else they would have it from us, and from the payee or from us once more. */
    @Test
    void whatWeHaveMadeGoodIsNeitherClaimedNorTakenBackOnceMore() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        String reversal = reverse().statusCode(202).extract().path("id");

        approve(accept(id, "losses"));

        approver.approve(reversal).statusCode(422).body("code", equalTo("transfer-not-reversible"));
        reverse().statusCode(422).body("code", equalTo("transfer-not-reversible"));
        open("wrong")
                .statusCode(422)
                .body("code", equalTo("transfer-not-claimable"))
                .body("claimId", equalTo(id));
        assertThat(anna.balance("USD")).isEqualTo(10_00);
        assertThat(boris.balance("USD")).isEqualTo(10_00);
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "insert into reversal select ?, ?, 'r', 'a', 'b', now()",
                                        UUID.fromString(transfer),
                                        UUID.randomUUID()))
                .hasStackTraceContaining("was made good from our own money");
    }

    private ValidatableResponse reverse() {
        return support.post("/v1/admin/transfers/" + transfer + "/reversal", REASON);
    }

    /** They have it and have spent it: there has to be an end, and it costs nothing more. */
    @Test
    void whatIsCreditedAndSpentIsAcceptedThoughThePayeeHasGivenSomethingBack() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        approve(work(id, "credit"));
        boris.refund(transfer, 1, "USD", "some").statusCode(201);
        anna.send(TestPerson.fresh(), 10_01, "USD", "spent").statusCode(201);
        accept(id, "reversal").statusCode(422).body("code", equalTo("claim-amount-left"));

        approve(accept(id, "losses"));

        assertThat(anna.balance("USD")).isZero();
        assertThat(losses(id)).isEqualTo(-10_00);
    }

    /** In one step, so that there is no moment at which they have it twice, or not at all. */
    @Test
    void isMadeGoodByTakingTheTransferBackAndWhatTheyHadGoesBackWithIt() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        approve(work(id, "credit"));
        anna.send(TestPerson.fresh(), 10_00, "USD", "spent").statusCode(201);

        approve(accept(id, "reversal"));

        assertThat(anna.balance("USD")).isZero();
        assertThat(boris.balance("USD")).isZero();
        assertThat(losses(id)).isZero();
        support.get(CLAIMS + "/" + id)
                .body("claim.way", equalTo("reversal"))
                .body("credit.back.approvedBy", equalTo(approver.email()))
                .body(
                        "postings.kind",
                        containsInAnyOrder(
                                "transfer", "provisional-credit", "reversal", "reversal"));
        anna.get("/v1/transfers/" + transfer).body("state", equalTo("refunded"));
    }

    @Test
    void whatThePayeeGivesBackIsNotGivenOnceMore() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        String credit = work(id, "credit").statusCode(202).extract().path("id");
        String acceptance = accept(id, "losses").statusCode(202).extract().path("id");
        boris.refund(transfer, 1, "USD", "some").statusCode(201);
        for (var request : List.of(credit, acceptance)) {
            approver.approve(request)
                    .statusCode(422)
                    .body("code", equalTo("claim-amount-left"))
                    .body("left.minor", equalTo(9_99));
        }
        for (var way : List.of("losses", "reversal")) {
            accept(id, way).statusCode(422).body("code", equalTo("claim-amount-left"));
        }
        work(id, "rejection").statusCode(200);
        open("wrong").statusCode(201).body("claim.amount.minor", equalTo(9_99));
    }

    /** What is asked for before a credit costs another sum after it. */
    @Test
    void whatWasAskedForBeforeTheCreditIsStale() {
        var id = opened();
        work(id, "investigation").statusCode(200);
        String acceptance = accept(id, "losses").statusCode(202).extract().path("id");
        approve(work(id, "credit"));
        approver.approve(acceptance).statusCode(409).body("code", equalTo("approval-stale"));
        assertThat(losses(id)).isEqualTo(-10_00);
    }

    @Test
    void theListBeginsWithWhatIsDueSoonest() {
        anna.fund(10_00, "USD");
        String second = anna.send(boris, 10_00, "USD", "2").statusCode(201).extract().path("id");
        var late = opened();
        Sql.run("update customer set country = 'DE' where id = ?", anna.id());
        transfer = second;
        var soon = id(open("unauthorised").statusCode(201));

        var list = CLAIMS + "?customer=" + anna.id();
        support.get(list).statusCode(200).body("items.id", contains(soon, late));
        String cursor = support.get(list + "&limit=1").extract().path("nextCursor");
        support.get(list + "&limit=1&cursor=" + cursor).body("items.id", contains(late));
        support.get(list + "&state=received&transfer=" + second).body("items.id", contains(soon));
        support.get(CLAIMS + "?state=open").statusCode(400);
        support.get(CLAIMS).statusCode(200).body("items.size()", greaterThan(1));
        assertThat(audited(anna.id().toString()))
                .isNotEmpty()
                .containsOnly("claims.search Claims of a customer.");
    }

    @Test
    void whatCannotBeIsRefused() {
        String refund =
                boris.refund(transfer, 10_00, "USD", "all").statusCode(201).extract().path("id");
        for (var settled : List.of(transfer, refund)) {
            transfer = settled;
            open("wrong").statusCode(422).body("code", equalTo("transfer-not-claimable"));
        }
        transfer = UUID.randomUUID().toString();
        open("wrong").statusCode(404).body("code", equalTo("transfer-not-found"));
        open("late").statusCode(400);
        support.get(CLAIMS + "/" + transfer)
                .statusCode(404)
                .body("code", equalTo("claim-not-found"));
        work(transfer, "credit").statusCode(404);
        work(transfer, "rejection").statusCode(404);
    }

    @Test
    void theTablesRefuseAnEndOutOfTurn() {
        var id = opened();
        refused("update claim set state = 'ACCEPTED', ended_at = now(), way = 'LOSSES'", id);
        refused("update claim set minor = 1", id);
        refused("update claim set deadline = opened_at", id);
        work(id, "investigation").statusCode(200);
        refused("update claim set state = 'RECEIVED'", id);
        approve(work(id, "credit"));
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update claim set state = 'REJECTED', ended_at = now()"
                                                + " where id = ?",
                                        UUID.fromString(id)))
                .hasStackTraceContaining("its credit is out");
        assertThatThrownBy(() -> Sql.run("delete from claim where id = ?", UUID.fromString(id)))
                .hasStackTraceContaining("DELETE of claim is refused");
    }

    private static void refused(String update, String id) {
        assertThatThrownBy(() -> Sql.run(update + " where id = ?", UUID.fromString(id)))
                .hasStackTraceContaining("has ended or would become another");
    }

    private String opened() {
        return id(open("unauthorised").statusCode(201));
    }

    private static String id(ValidatableResponse opened) {
        return opened.extract().path("claim.id");
    }

    private ValidatableResponse open(String kind) {
        var body = new HashMap<String, Object>(REASON);
        body.put("transferId", transfer);
        body.put("kind", kind);
        body.put("statement", "It was not me.");
        return support.post(CLAIMS, body);
    }

    private ValidatableResponse work(String id, String action) {
        return support.post(CLAIMS + "/" + id + "/" + action, REASON);
    }

    private ValidatableResponse accept(String id, String way) {
        return support.post(CLAIMS + "/" + id + "/acceptance", Map.of("way", way, "reason", "r"));
    }

    private void approve(ValidatableResponse proposed) {
        String request = proposed.statusCode(202).extract().path("id");
        approver.approve(request).statusCode(200);
    }

    /** What of ours it has cost by now; a cost is negative. */
    private static long losses(String claim) {
        var id = UUID.fromString(claim);
        return Sql.<Long>value(
                """
                select coalesce(sum(e.minor), 0)::bigint
                  from entry e join account a on a.id = e.account and a.kind = 'LOSSES'
                 where e.posting in (?, ?, ?)
                """,
                Ids.named(id, "credit"),
                Ids.named(id, "credit-return"),
                Ids.named(id, "refund"));
    }
}
