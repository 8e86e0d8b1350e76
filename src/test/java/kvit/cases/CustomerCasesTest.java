package kvit.cases;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.operate.Role;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Customers as operators find them and look into them. */
@KvitTest
class CustomerCasesTest {

    private static final String CUSTOMERS = "/v1/admin/customers";

    private TestOperator support;
    private TestPerson anna;
    private TestPerson boris;

    @BeforeEach
    void twoPeople() {
        support = TestOperator.with(Role.SUPPORT);
        anna = TestPerson.with(10_00, "USD");
        boris = TestPerson.fresh();
    }

    @Test
    void isFoundByWhatTheyAreKnownByAndThatIsRecorded() {
        var handle = "case_" + anna.phone().substring(anna.phone().length() - 7);
        anna.request()
                .contentType("application/json")
                .body(Map.of("handle", handle))
                .patch("/v1/me")
                .then()
                .statusCode(200);
        String transfer = anna.send(boris, 1, "USD", "k").statusCode(201).extract().path("id");
        var spaced = anna.phone().substring(0, 5) + " " + anna.phone().substring(5);

        found("phone", spaced, anna);
        found("handle", "@" + handle.toUpperCase(java.util.Locale.ROOT), anna);
        found("id", anna.id().toString(), anna);
        found("transfer", transfer, anna, boris);

        assertThat(
                        Sql.<String>column(
                                "select reason from audit where resource = ? order by id",
                                anna.id().toString()))
                .containsExactly(
                        "Looked up by phone.",
                        "Looked up by handle.",
                        "Looked up by id.",
                        "Looked up by transfer " + transfer + ".");
    }

    private void found(String by, String value, TestPerson... people) {
        var answer =
                support.request()
                        .queryParam(by, value)
                        .get(CUSTOMERS)
                        .then()
                        .statusCode(200)
                        .body("nextCursor", nullValue())
                        .extract()
                        .jsonPath();
        assertThat(answer.getList("items.id", String.class))
                .containsExactly(
                        java.util.Arrays.stream(people)
                                .map(it -> it.id().toString())
                                .toArray(String[]::new));
        assertThat(answer.getString("items[0].phone"))
                .contains("•••••••")
                .doesNotContain(people[0].phone().substring(2));
    }

    @Test
    void whoIsNobodyIsNobodyAndWhoIsBlockedIsFound() {
        for (var query :
                List.of(
                        Map.of("phone", Phones.next()),
                        Map.of("handle", "nobody_at_all_here"),
                        Map.of("id", UUID.randomUUID().toString()),
                        Map.of("transfer", UUID.randomUUID().toString()))) {
            support.request()
                    .queryParams(query)
                    .get(CUSTOMERS)
                    .then()
                    .statusCode(200)
                    .body("items", empty());
        }
        Sql.run("update customer set state = 'BLOCKED' where id = ?", boris.id());
        support.get(CUSTOMERS + "?id=" + boris.id()).body("items.state", contains("blocked"));
    }

    @Test
    void isLookedForByExactlyOneThing() {
        for (var query :
                List.of(
                        "",
                        "?handle=anna&id=" + anna.id(),
                        "?id=anna",
                        "?transfer=%27%20or%20true")) {
            support.get(CUSTOMERS + query)
                    .statusCode(400)
                    .body("code", equalTo("validation-failed"));
        }
        support.get(CUSTOMERS + "?phone=12").statusCode(422).body("code", equalTo("phone-invalid"));
    }

    @Test
    void allOfThemStandsInOnePlaceAndThatItWasLookedAtIsRecorded() {
        anna.send(boris, 1_00, "USD", "k").statusCode(201);

        support.get(CUSTOMERS + "/" + anna.id())
                .statusCode(200)
                .body("customer.id", equalTo(anna.id().toString()))
                .body("customer.state", equalTo("active"))
                .body("customer.tier", equalTo("phone"))
                .body("customer.hasPin", equalTo(false))
                .body("customer.devices", hasSize(1))
                .body("customer.devices[0].client", equalTo("web"))
                .body("balances[0].balance", equalTo(json(9_00)))
                .body("cards", empty())
                .body("openPayouts", empty())
                .body("openDisputes", empty())
                .body("holds", empty())
                .body("limits.rule", hasItem("limit/US/SEND/PT168H"))
                .body(sending("used.minor"), equalTo(1_00))
                .body(sending("left.minor"), equalTo(59_999_00))
                .body(sending("moves"), equalTo(1))
                .body(sending("override"), nullValue());
        assertThat(
                        Sql.<String>column(
                                "select action from audit where resource = ?",
                                anna.id().toString()))
                .containsExactly("customers.read");
        support.get(CUSTOMERS + "/" + UUID.randomUUID())
                .statusCode(404)
                .body("code", equalTo("customer-not-found"));
    }

    private static String sending(String member) {
        return "limits.find { it.rule == 'limit/US/SEND/PT168H' }." + member;
    }

    private static Map<String, Object> json(int minor) {
        var money = new java.util.HashMap<>(money(minor, "USD"));
        money.put("minor", minor);
        return money;
    }

    @Test
    void everyOperatorLooksAndNobodyElse() {
        for (var role : List.of(Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN)) {
            TestOperator.with(role).get(CUSTOMERS + "/" + anna.id()).statusCode(200);
        }
        anna.get(CUSTOMERS + "/" + anna.id()).statusCode(403);
        anna.get(CUSTOMERS + "?id=" + anna.id()).statusCode(403);
    }
}
