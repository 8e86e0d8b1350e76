package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.operate.Role;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import kvit.support.WaitingRules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transfers that the rules keep back, as operators look at them. */
@KvitTest
class ReviewTest {

    @Inject Waiting waiting;

    private TestPerson anna;
    private TestPerson boris;
    private TestOperator finance;

    @BeforeEach
    void twoDanes() {
        waiting.awaitRules();
        anna = waiting.person(WaitingRules.REVIEWING, 1_000_00);
        boris = waiting.person(WaitingRules.REVIEWING, 0);
        finance = TestOperator.with(Role.FINANCE);
    }

    @Test
    void oneThatIsLetThroughIsCompletedAndRecordedWithItsReason() {
        var id = held();
        finance.get("/v1/admin/reviews?limit=100").statusCode(200).body("items.id", hasItem(id));
        finance.post("/v1/admin/rules/evaluation", Map.of("transferId", id))
                .body("verdict", equalTo("allowed"))
                .body("demands", equalTo(List.of("REVIEW")))
                .body("matched.id", hasItem("test/hold"));

        decide(id, "approve").statusCode(200).body("completed", equalTo(true));
        anna.get("/v1/transfers/" + id).body("state", equalTo("completed"));
        assertThat(waiting.balance(boris.id())).isEqualTo(50_00);
        finance.get("/v1/admin/reviews?limit=100").body("items.id", not(hasItem(id)));
        assertThat(Sql.<String>column("select reason from audit where resource = ?", id))
                .containsExactly("I have looked at it.");
        assertThat(
                        Sql.<String>value(
                                "select reviewed_by from transfer where id = ?",
                                UUID.fromString(id)))
                .isEqualTo(finance.email());

        decide(id, "reject").statusCode(422).body("code", equalTo("transfer-not-reviewable"));
        assertThat(Sql.<String>column("select reason from audit where resource = ?", id))
                .hasSize(1);
    }

    @Test
    void oneThatIsRejectedGivesTheMoneyBack() {
        var id = held();
        decide(id, "reject")
                .statusCode(200)
                .body("completed", equalTo(false))
                .body("declineCode", equalTo("review-rejected"));
        anna.get("/v1/transfers/" + id).body("state", equalTo("declined"));
        assertThat(waiting.available(anna.id())).isEqualTo(1_000_00);
    }

    @Test
    void onlyFinanceDecidesAndOnlyWithAReason() {
        var id = held();
        var path = "/v1/admin/reviews/" + id;
        for (var role : List.of(Role.SUPPORT, Role.APPROVER, Role.ADMIN)) {
            TestOperator.with(role)
                    .post(path, Map.of("decision", "approve", "reason", "r"))
                    .statusCode(403);
        }
        finance.post(path, Map.of("decision", "approve")).statusCode(400);
        finance.post(path, Map.of("decision", "perhaps", "reason", "r")).statusCode(400);
        decide(UUID.randomUUID().toString(), "approve").statusCode(404);
        anna.get("/v1/transfers/" + id).body("state", equalTo("pending"));
    }

    /** What is under way settles whatever else the rules say by now; a sanction stops it. */
    @Test
    void aSanctionFreezesWhatWaitsAndWhatWouldGoBack() {
        var id = held();
        decide(held(), "approve").body("completed", equalTo(true));
        boris.request()
                .contentType("application/json")
                .body(Map.of("country", "IR"))
                .patch("/v1/me")
                .then()
                .statusCode(200);

        decide(id, "approve")
                .statusCode(200)
                .body("completed", equalTo(false))
                .body("declineCode", equalTo("country-not-served"));
        assertThat(waiting.available(anna.id())).isEqualTo(950_00);
        String completed = anna.get("/v1/transfers?state=completed").extract().path("items[0].id");
        boris.refund(completed, 1, "EUR", "k")
                .statusCode(422)
                .body("code", equalTo("country-not-served"))
                .body("rule", nullValue());
        assertThat(waiting.balance(boris.id())).isEqualTo(50_00);
    }

    private ValidatableResponse decide(String id, String decision) {
        return finance.post(
                "/v1/admin/reviews/" + id,
                Map.of("decision", decision, "reason", "I have looked at it."));
    }

    private String held() {
        return anna.send(boris, 50_00, "EUR", UUID.randomUUID().toString())
                .statusCode(201)
                .body("state", equalTo("pending"))
                .extract()
                .path("id");
    }
}
