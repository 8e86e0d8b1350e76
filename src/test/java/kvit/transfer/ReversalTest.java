package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.operate.Role;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transfers as operators find them, look into them and take them back. */
@KvitTest
class ReversalTest {

    private static final String TRANSFERS = "/v1/admin/transfers";

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
    void givesTheMoneyBackAndTellsBoth() {
        var id = sent(10_00);
        approve(propose(id));

        assertThat(anna.balance("USD")).isEqualTo(100_00);
        assertThat(boris.balance("USD")).isZero();
        for (var person : List.of(anna, boris)) {
            person.get("/v1/transfers/" + id)
                    .body("state", equalTo("refunded"))
                    .body("refunded.minor", equalTo(10_00));
            person.get("/v1/transfers").body("items.refundOf", containsInAnyOrder(id, null));
            assertThat(topics(person, "TransferReversed")).hasSize(1);
        }
        boris.get("/v1/me/entries").body("items.kind", contains("reversal", "transfer"));
        boris.get("/v1/me/entries").body("items[0].counterparty.id", equalTo(anna.id().toString()));
        finance.get(TRANSFERS + "/" + id)
                .statusCode(200)
                .body("reversal.approvedBy", equalTo(approver.email()))
                .body("reversal.reason", equalTo("The payer was deceived."))
                .body("refunds.amount.minor", contains(10_00))
                .body("postings.kind", contains("transfer", "reversal"))
                .body("postings[1].reverses", equalTo(id));
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from posting where reverses = ?",
                                UUID.fromString(id)))
                .isOne();
    }

    @Test
    void isDoneOnceAndNothingIsLeftToGiveBack() {
        var id = sent(10_00);
        approve(propose(id));
        boris.fund(50_00, "USD");

        propose(id)
                .statusCode(422)
                .body("code", equalTo("transfer-not-reversible"))
                .body("state", equalTo("refunded"));
        boris.refund(id, 1, "USD", "k")
                .statusCode(422)
                .body("code", equalTo("refund-exceeds-transfer"));
        String refund =
                boris.get("/v1/transfers?direction=sent&state=completed")
                        .extract()
                        .path("items[0].id");
        propose(refund).statusCode(422).body("code", equalTo("transfer-not-reversible"));
        anna.refund(refund, 1, "USD", "k")
                .statusCode(422)
                .body("code", equalTo("transfer-not-refundable"));
        assertThat(boris.balance("USD")).isEqualTo(50_00);
    }

    @Test
    void givesBackWhatRefundsHaveLeft() {
        var id = sent(10_00);
        boris.refund(id, 4_00, "USD", "some").statusCode(201);
        var request = propose(id).body("payload.amount.minor", equalTo(6_00));
        approve(request);
        assertThat(anna.balance("USD")).isEqualTo(100_00);
        assertThat(boris.balance("USD")).isZero();
        finance.get(TRANSFERS + "/" + id)
                .body("refunds.amount.minor", contains(4_00, 6_00))
                .body("transfer.state", equalTo("refunded"));
    }

    /** What its maker has seen is not what is left. */
    @Test
    void isStaleWhenSomethingWasGivenBackMeanwhile() {
        var id = sent(10_00);
        String request = propose(id).extract().path("id");
        boris.refund(id, 1, "USD", "some").statusCode(201);
        approver.approve(request).statusCode(409).body("code", equalTo("approval-stale"));
        assertThat(anna.balance("USD")).isEqualTo(90_01);
    }

    @Test
    void takesNothingThatThePayeeHasNotAnyMore() {
        var id = sent(10_00);
        String request = propose(id).extract().path("id");
        boris.send(TestPerson.fresh(), 3_00, "USD", "spent").statusCode(201);

        approver.approve(request)
                .statusCode(422)
                .body("code", equalTo("insufficient-funds"))
                .body("available.minor", equalTo(7_00));
        assertThat(boris.balance("USD")).isEqualTo(7_00);
        anna.get("/v1/transfers/" + id).body("state", equalTo("completed"));
        assertThat(topics(anna, "TransferReversed")).isEmpty();

        boris.fund(3_00, "USD");
        approver.approve(request).statusCode(200);
        assertThat(boris.balance("USD")).isZero();
    }

    /** To stop the payee first, and then to give back what is left, is what it is for. */
    @Test
    void comesOutOfAFrozenWallet() {
        var id = sent(10_00);
        TestOperator.with(Role.SUPPORT)
                .post(
                        "/v1/admin/customers/" + boris.id() + "/freeze",
                        Map.of("reason", "Deceives people."))
                .statusCode(200);
        approve(propose(id));
        assertThat(anna.balance("USD")).isEqualTo(100_00);
    }

    @Test
    void twoWhoApproveAtOnceGiveItBackOnce() throws Exception {
        var id = sent(10_00);
        boris.fund(50_00, "USD");
        String request = propose(id).extract().path("id");
        var path = "/v1/admin/approvals/" + request + "/approval";
        var other = TestOperator.with(Role.APPROVER);

        var answers =
                Race.run(
                        2,
                        List.of(
                                () -> Http.post(approver.token(), path, null, "{}").statusCode(),
                                () -> Http.post(other.token(), path, null, "{}").statusCode()));

        assertThat(answers).containsExactlyInAnyOrder(200, 409);
        assertThat(anna.balance("USD")).isEqualTo(100_00);
        assertThat(boris.balance("USD")).isEqualTo(50_00);
    }

    @Test
    void whatNeverMovedIsNotTakenBack() {
        String declined =
                anna.send(boris, 200_00, "USD", "k").statusCode(422).extract().path("transferId");
        propose(declined)
                .statusCode(422)
                .body("code", equalTo("transfer-not-reversible"))
                .body("state", equalTo("declined"));
    }

    @Test
    void onlySupportAndFinanceAsk() {
        var id = sent(1_00);
        var path = TRANSFERS + "/" + id + "/reversal";
        for (var role : List.of(Role.APPROVER, Role.ADMIN)) {
            TestOperator.with(role).post(path, Map.of("reason", "r")).statusCode(403);
        }
        TestOperator.with(Role.SUPPORT).post(path, Map.of("reason", "r")).statusCode(202);
        anna.post(path, "k", Map.of("reason", "r")).statusCode(403);
        anna.get(TRANSFERS).statusCode(403);
        anna.get(TRANSFERS + "/" + id).statusCode(403);
    }

    @Test
    void isFoundByWhatIsKnownOfIt() {
        var id = sent(10_00);
        var reference = "case-" + id;
        anna.post(
                        "/v1/transfers",
                        "k",
                        Map.of(
                                "payee",
                                Map.of("customerId", boris.id()),
                                "amount",
                                TestPerson.money(7, "USD"),
                                "reference",
                                reference))
                .statusCode(201);
        anna.send(boris, 200_00, "USD", "too much").statusCode(422);

        search("id=" + id).body("items.id", contains(id));
        search("payer=" + anna.id()).body("items.state", hasSize(3));
        search("payer=" + boris.id()).body("items", empty());
        search("payee=" + boris.id() + "&state=declined").body("items", hasSize(1));
        search("payer=" + anna.id() + "&minor=1000&currency=USD").body("items.id", contains(id));
        search("payer=" + anna.id() + "&minor=1000&currency=EUR").body("items", empty());
        search("reference=" + reference).body("items.amount.minor", contains(7));
        search("payer=" + anna.id() + "&from=2020-01-01T00:00:00Z").body("items", hasSize(3));
        search("payer=" + anna.id() + "&to=2020-01-01T00:00:00Z").body("items", empty());
        var page = search("payer=" + anna.id() + "&limit=2").body("items", hasSize(2));
        String cursor = page.extract().path("nextCursor");
        search("payer=" + anna.id() + "&limit=2&cursor=" + cursor)
                .body("items.id", contains(id))
                .body("nextCursor", nullValue());
        finance.get(TRANSFERS + "?payer=" + boris.id() + "&cursor=" + cursor).statusCode(400);
        for (var wrong : List.of("id=1", "state=charging", "minor=1.5", "currency=XX", "from=1")) {
            finance.get(TRANSFERS + "?" + wrong).statusCode(400);
        }
    }

    @Test
    void standsThereWithItsEntriesAndWhatTheRulesSaid() {
        var id = sent(10_00);
        finance.get(TRANSFERS + "/" + id)
                .statusCode(200)
                .body("transfer.id", equalTo(id))
                .body("postings.id", contains(id))
                .body("postings[0].entries.amount.minor", contains(-10_00, 10_00))
                .body("postings[0].entries.balanceAfter.minor", contains(90_00, 10_00))
                .body("postings[0].entries.kind", contains("WALLET", "WALLET"))
                .body(
                        "postings[0].entries.owner",
                        contains(anna.id().toString(), boris.id().toString()))
                .body("ruling.payer.country", equalTo("US"))
                .body("charge", nullValue())
                .body("holds", empty())
                .body("reversal", nullValue());
        assertThat(Sql.<String>column("select action from audit where resource = ?", id))
                .containsExactly("transfers.read");
        finance.get(TRANSFERS + "/" + UUID.randomUUID())
                .statusCode(404)
                .body("code", equalTo("transfer-not-found"));
    }

    private ValidatableResponse search(String query) {
        return finance.get(TRANSFERS + "?" + query).statusCode(200);
    }

    private String sent(long minor) {
        return anna.send(boris, minor, "USD", UUID.randomUUID().toString())
                .statusCode(201)
                .extract()
                .path("id");
    }

    private ValidatableResponse propose(String id) {
        return finance.post(
                TRANSFERS + "/" + id + "/reversal", Map.of("reason", "The payer was deceived."));
    }

    private void approve(ValidatableResponse proposed) {
        String request = proposed.statusCode(202).extract().path("id");
        approver.approve(request).statusCode(200);
    }

    private static List<String> topics(TestPerson person, String topic) {
        return Sql.column(
                "select topic from outbox where key = ? and topic = ?", person.id(), topic);
    }
}
