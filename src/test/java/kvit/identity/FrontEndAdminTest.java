package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.operate.Role;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Front ends and customers, as operators look after them. */
@KvitTest
class FrontEndAdminTest {

    private static final AtomicInteger NEXT = new AtomicInteger();

    private TestOperator admin;
    private TestOperator support;
    private TestOperator approver;

    @BeforeEach
    void signIn() {
        admin = TestOperator.with(Role.ADMIN);
        support = TestOperator.with(Role.SUPPORT);
        approver = TestOperator.with(Role.APPROVER);
    }

    @Test
    void aConfidentialFrontEndIsRegisteredByTwoAndGetsItsSecretAfterwards() {
        var id = id();
        var approval = propose(registration(id, true));
        bot(id, null).start(Phones.next()).statusCode(401);
        approver.approve(approval).statusCode(200).body("payload.id", equalTo(id));
        bot(id, null).start(Phones.next()).statusCode(401);
        var secret = secret(id, false);
        bot(id, secret).start(Phones.next()).statusCode(202);
        admin.get("/v1/admin/client-apps")
                .body("items.id", hasItem(id))
                .body(
                        "items.find { it.id == '" + id + "' }.platform",
                        equalTo("platform-of-" + id));
        assertThat(admin.get("/v1/admin/client-apps").extract().asString()).doesNotContain(secret);
        // Nothing of it is kept where approvals are shown.
        assertThat(approver.get("/v1/admin/approvals?limit=100").extract().asString())
                .doesNotContain(secret);

        var leaked = secret(id, true);
        bot(id, secret).start(Phones.next()).statusCode(401);
        bot(id, leaked).start(Phones.next()).statusCode(202);
    }

    @Test
    void switchingOffTakesOneAndSwitchingOnTakesTwo() {
        var id = id();
        approver.approve(propose(registration(id, false))).statusCode(200);
        var person = TestPerson.signIn(Phones.next(), id);
        support.post("/v1/admin/client-apps/" + id + "/disablement", Map.of("reason", "Stolen."))
                .statusCode(200)
                .body("state", equalTo("disabled"));
        bot(id, null).start(Phones.next()).statusCode(401);
        Awaitility.await().until(() -> person.get("/v1/me").extract().statusCode() == 401);
        assertThat(
                        Sql.<String>column(
                                "select reason from audit where action = 'clients.disable' and resource = ?",
                                id))
                .containsExactly("Stolen.");

        String approval =
                admin.request()
                        .body(Map.of("state", "active", "reason", "Found again."))
                        .patch("/v1/admin/client-apps/" + id)
                        .then()
                        .statusCode(202)
                        .extract()
                        .path("id");
        bot(id, null).start(Phones.next()).statusCode(401);
        approver.approve(approval).statusCode(200);
        bot(id, null).start(Phones.next()).statusCode(202);
    }

    /**
     * Who names no front end goes on with what a public one began; it is still that one's session.
     */
    @Test
    void aPublicOneNeedNotSayItsNameTwice() {
        var id = id();
        approver.approve(propose(registration(id, false))).statusCode(200);
        var phone = Phones.next();
        String signIn = bot(id, null).started(phone);
        var tokens =
                new FrontEnd(null, null)
                        .confirm(signIn, TestPerson.codeOf(phone))
                        .statusCode(200)
                        .extract()
                        .<String>path("refreshToken");
        assertThat(
                        Sql.<String>value(
                                "select s.client from session s join customer c on c.id = s.customer"
                                        + " where c.phone = ?",
                                phone))
                .isEqualTo(id);
        new FrontEnd(null, null).refresh(tokens).statusCode(200);
    }

    @Test
    void whatIsNoFrontEndOrNoneOfTheNameIsRefused() {
        var id = id();
        var bad = new HashMap<>(registration(id, false));
        bad.put("scopes", List.of("everything"));
        admin.post("/v1/admin/client-apps", bad).statusCode(400);
        admin.post("/v1/admin/client-apps", registration("web", false))
                .statusCode(422)
                .body("code", equalTo("client-exists"));
        admin.post("/v1/admin/client-apps/" + id + "/secret", Map.of("leaked", true, "reason", "r"))
                .statusCode(404)
                .body("code", equalTo("client-not-found"));
        admin.post("/v1/admin/client-apps/web/secret", Map.of("leaked", true, "reason", "r"))
                .statusCode(422)
                .body("code", equalTo("client-not-confidential"));
        support.post("/v1/admin/client-apps", registration(id, false)).statusCode(403);
        assertThat(Sql.<Long>value("select count(*) from audit where resource = ?", id)).isZero();
    }

    @Test
    void aCustomerIsVerifiedByTwo() {
        var person = TestPerson.fresh();
        String approval =
                support.post(
                                "/v1/admin/customers/" + person.id() + "/verification",
                                Map.of("tier", "verified", "reason", "Passport seen."))
                        .statusCode(202)
                        .extract()
                        .path("id");
        person.get("/v1/me").body("tier", equalTo("phone"));
        approver.approve(approval).statusCode(200);
        person.get("/v1/me").body("tier", equalTo("verified"));
        support.post(
                        "/v1/admin/customers/" + UUID.randomUUID() + "/verification",
                        Map.of("tier", "verified", "reason", "r"))
                .statusCode(404)
                .body("code", equalTo("customer-not-found"));
        admin.post(
                        "/v1/admin/customers/" + person.id() + "/verification",
                        Map.of("tier", "verified", "reason", "r"))
                .statusCode(403);
    }

    @Test
    void aChangeThatIsOvertakenIsStale() {
        var id = id();
        approver.approve(propose(registration(id, false))).statusCode(200);
        String approval =
                admin.request()
                        .body(Map.of("name", "Another name", "reason", "r"))
                        .patch("/v1/admin/client-apps/" + id)
                        .path("id");
        support.post("/v1/admin/client-apps/" + id + "/disablement", Map.of("reason", "r"))
                .statusCode(200);
        approver.approve(approval).statusCode(409).body("code", equalTo("approval-stale"));
        admin.get("/v1/admin/client-apps").body("items.name", not(hasItem("Another name")));
    }

    private String propose(Map<String, Object> registration) {
        return admin.post("/v1/admin/client-apps", registration)
                .statusCode(202)
                .extract()
                .path("id");
    }

    private String secret(String id, boolean leaked) {
        return admin.post(
                        "/v1/admin/client-apps/" + id + "/secret",
                        Map.of("leaked", leaked, "reason", "For its server."))
                .statusCode(200)
                .extract()
                .path("secret");
    }

    private static Map<String, Object> registration(String id, boolean confidential) {
        return Map.of(
                "id",
                id,
                "name",
                "A bot",
                "platform",
                "platform-of-" + id,
                "ownerCountry",
                "FR",
                "confidential",
                confidential,
                "scopes",
                List.of("profile", "wallet"),
                "carries",
                List.of("TRANSFER_DATA"),
                "reason",
                "A new one.");
    }

    private static FrontEnd bot(String id, String secret) {
        return new FrontEnd(id, secret);
    }

    private static String id() {
        return "bot-" + NEXT.getAndIncrement();
    }
}
