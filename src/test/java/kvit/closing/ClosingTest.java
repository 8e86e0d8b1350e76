package kvit.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.identity.CustomerMessages;
import kvit.operate.Role;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import kvit.topup.Till;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Leaving: money goes first, nothing comes after it, and the phone is free. */
@KvitTest
class ClosingTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String REASON = "a test";

    @Inject Leaver leaver;
    @Inject Till till;
    @Inject CustomerMessages messages;

    @Test
    void moneyIsPaidOutAndWhatWaitsIsTakenBackBeforeItIsClosed() {
        var anna = Leaver.named("Leaving_anna", 300_00);
        Desk.setPin(anna);
        var boris = Leaver.named("Staying_boris", 100_00);
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        var sent =
                anna.send(boris, 1_00, "EUR", "sent").statusCode(201).extract().<String>path("id");
        var waits = anna.send(boris, 200_00, "EUR", "waits").statusCode(201);
        assertThat(waits.extract().<String>path("state")).isEqualTo("requires_confirmation");
        var asking = request(anna, boris);
        var asked = request(boris, anna);

        Leaver.close(anna, card, "739165").statusCode(422).body("code", equalTo("pin-wrong"));
        Leaver.close(anna, null, Leaver.PIN)
                .statusCode(422)
                .body("code", equalTo("money-left"))
                .body("left.minor", contains(299_00));
        Leaver.close(anna, card, Leaver.PIN)
                .statusCode(200)
                .body("state", equalTo("closing"))
                .body("waitsFor", contains("payout"))
                .body("left", empty());

        anna.get("/v1/transfers/" + waits.extract().path("id")).body("state", equalTo("cancelled"));
        anna.get("/v1/requests/" + asking).body("state", equalTo("cancelled"));
        boris.get("/v1/requests/" + asked).body("shares.state", hasItem("declined"));
        assertNobodyFinds(anna, boris);
        anna.send(boris, 1, "EUR", "too late")
                .statusCode(422)
                .body("code", equalTo("customer-frozen"));
        assertThat(Desk.messages(anna)).anyMatch(it -> it.contains("is being closed"));

        Sql.run(
                """
                update payout set hand_over_at = created_at - interval '2 days', due_at = created_at
                 where customer = ?
                """,
                anna.id());
        await().atMost(SOON)
                .until(
                        () ->
                                Sql.<String>value(
                                                "select state from payout where customer = ?",
                                                anna.id())
                                        .equals("PAID"));
        leaver.carryOut(anna);
        anna.get(Leaver.PATH).body("state", equalTo("closing")).body("waitsFor", empty());
        Leaver.letTimePass();
        leaver.carryOut(anna);

        assertThat(Leaver.state(anna)).isEqualTo("CLOSED");
        anna.get("/v1/me").statusCode(401);
        assertThat(
                        TestPerson.signIn(boris.phone())
                                .get("/v1/transfers/" + sent)
                                .extract()
                                .asString())
                .contains("\"displayName\":\"Closed account\",\"handle\":null");
        assertThat(Sql.column("select state from card where customer = ?", anna.id()))
                .containsExactly("REMOVED");
        assertThat(Sql.column("select * from books_discrepancy")).isEmpty();
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(Desk.messages(anna))
                                        .anyMatch(it -> it.contains("is closed.")));
    }

    private static String request(TestPerson asker, TestPerson payer) {
        return asker.post(
                        "/v1/requests",
                        "request",
                        Map.of(
                                "amount",
                                TestPerson.money(10_00, "EUR"),
                                "payers",
                                List.of(Map.of("customerId", payer.id()))))
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static void assertNobodyFinds(TestPerson gone, TestPerson seeker) {
        var names = List.of(Map.of("customerId", gone.id()), Map.of("handle", "leaving_anna"));
        for (var name : names) {
            seeker.post(
                            "/v1/transfers",
                            UUID.randomUUID().toString(),
                            Map.of("payee", name, "amount", TestPerson.money(1, "EUR")))
                    .statusCode(422)
                    .body("code", equalTo("payee-not-found"));
        }
        seeker.post(
                        "/v1/transfers",
                        UUID.randomUUID().toString(),
                        Map.of(
                                "payee",
                                Map.of("phone", gone.phone()),
                                "amount",
                                TestPerson.money(1, "EUR")))
                .statusCode(201)
                .body("state", equalTo("pending"))
                .body("waitsFor", equalTo("claim"));
        seeker.get("/v1/people?handle=leaving_anna").statusCode(404);
    }

    @Test
    void whoeverProvesThePhoneLaterIsSomebodyElseAndTheHandleRests() {
        var anna = Leaver.named("Gone_" + suffix(), 0);
        var handle = anna.get("/v1/me").extract().<String>path("handle");

        leaver.leave(anna);

        var next = TestPerson.signIn(anna.phone());
        assertThat(next.isNew()).isTrue();
        assertThat(next.id()).isNotEqualTo(anna.id());
        patchHandle(next, handle).statusCode(422).body("code", equalTo("handle-taken"));
        patchHandle(next, handle + "2").statusCode(200);
        Sql.run("delete from resting_handle");
        patchHandle(next, handle).statusCode(200);
    }

    @Test
    void whoeverHasThePhoneByThenIsNotToldWhatIsTheOldOnes() throws Exception {
        var anna = Leaver.named("Told_" + suffix(), 0);
        leaver.leave(anna);

        messages.send(anna.id(), locale -> "To the old one.");
        assertThat(Desk.messages(anna)).contains("To the old one.");
        TestPerson.signIn(anna.phone());
        messages.send(anna.id(), locale -> "To nobody.");

        assertThat(Desk.messages(anna)).doesNotContain("To nobody.");
    }

    private static ValidatableResponse patchHandle(TestPerson person, String handle) {
        return person.request()
                .contentType(ContentType.JSON)
                .body(Map.of("handle", handle))
                .patch("/v1/me")
                .then();
    }

    private static String suffix() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void isNotClosedBeforeItsTimeAndIsKeptUntilThen() {
        var anna = Leaver.named("Back_" + suffix(), 0);
        anna.get(Leaver.PATH).statusCode(404).body("code", equalTo("closing-not-found"));
        Leaver.close(anna);
        leaver.carryOut(anna);
        assertThat(Leaver.state(anna)).isEqualTo("CLOSING");

        anna.request().delete(Leaver.PATH).then().statusCode(204);

        anna.request().delete(Leaver.PATH).then().statusCode(404);
        anna.fund(5_00, "EUR");
        var boris = TestPerson.fresh();
        boris.get("/v1/people?handle=" + anna.get("/v1/me").extract().<String>path("handle"))
                .statusCode(200);
        Leaver.letTimePass();
        leaver.carryOut(anna);
        assertThat(Leaver.customerState(anna)).isEqualTo("ACTIVE");
        assertThat(Leaver.state(anna)).isEqualTo("WITHDRAWN");
    }

    @Test
    void aFreezeStopsIt() {
        var anna = Leaver.named("Frozen_" + suffix(), 0);
        Leaver.close(anna);
        TestOperator.with(Role.SUPPORT)
                .post("/v1/admin/customers/" + anna.id() + "/freeze", Map.of("reason", REASON))
                .statusCode(200);

        leaver.carryOut(anna);

        assertThat(Leaver.state(anna)).isEqualTo("WITHDRAWN");
        assertThat(Leaver.customerState(anna)).isEqualTo("FROZEN");
        Leaver.close(TestPerson.signIn(anna.phone()), null, null)
                .statusCode(422)
                .body("code", equalTo("customer-frozen"));
    }

    /** What others ask of them is theirs to answer, once they may again. */
    @Test
    void ofWhoeverWasFrozenMeanwhileNothingIsDeclined() {
        var anna = Leaver.named("Stopped_" + suffix(), 0);
        var boris = TestPerson.signIn(Phones.next("FR"));
        Leaver.close(anna);
        Sql.run("update closing set due_at = '2100-01-01' where customer = ?", anna.id());
        Sql.run("update customer set state = 'ACTIVE' where id = ?", anna.id());
        var asked = request(boris, anna);
        Sql.run("update customer set state = 'FROZEN' where id = ?", anna.id());

        leaver.carryOut(anna);

        assertThat(Leaver.state(anna)).isEqualTo("WITHDRAWN");
        boris.get("/v1/requests/" + asked).body("shares.state", contains("open"));
    }

    /** What a card has paid for is taken back by closing, and goes back to it before all else. */
    @Test
    void nothingIsPaidOutWhileMoneyGoesBackToACard() {
        var anna = Desk.withoutPin();
        anna.fund(3_00, "USD");
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        anna.post(
                        "/v1/transfers",
                        "k",
                        Map.of(
                                "payee", Map.of("phone", Phones.next()),
                                "amount", TestPerson.money(12_50, "USD"),
                                "fundingSource", Map.of("cardId", card)))
                .statusCode(201)
                .body("waitsFor", equalTo("claim"));
        Sql.run(
                """
                insert into simulated_fault (id, fault, card)
                select gen_random_uuid(), 'NOT_CONNECTED', name
                  from simulated_operation, generate_series(1, 100)
                 where subject = ? and kind = 'CHARGE'
                """,
                till.reference(card));

        Leaver.close(anna, card, null).statusCode(409).body("code", equalTo("closing-charging"));

        assertThat(Sql.column("select id from payout where customer = ?", anna.id())).isEmpty();
        assertThat(Leaver.customerState(anna)).isEqualTo("ACTIVE");
        Sql.run(
                """
                delete from simulated_fault
                 where card in (select name from simulated_operation where subject = ?)
                """,
                till.reference(card));
        Sql.run("update charge_return set due_at = created_at where customer = ?", anna.id());
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                Leaver.close(anna, card, null)
                                        .statusCode(200)
                                        .body("waitsFor", contains("payout")));
        assertThat(Sql.column("select * from books_discrepancy")).isEmpty();
    }

    @Test
    void whoWasFrozenAndIsNotAnyMoreBeginsAnew() {
        var anna = Leaver.named("Thawed_" + suffix(), 0);
        Leaver.close(anna);
        Sql.run("update customer set state = 'ACTIVE' where id = ?", anna.id());

        Leaver.close(anna).body("state", equalTo("closing"));

        assertThat(
                        Sql.column(
                                "select state from closing where customer = ? order by id",
                                anna.id()))
                .containsExactly("WITHDRAWN", "CLOSING");
    }

    @Test
    void whoeverHasNoPinHasSignedInJustNow() {
        var anna = Leaver.named("Stale_" + suffix(), 0);
        Sql.run(
                "update session set created_at = created_at - interval '11 minutes' where customer"
                        + " = ?",
                anna.id());

        Leaver.close(anna, null, null).statusCode(422).body("code", equalTo("sign-in-too-old"));
        anna.get("/v1/me/export").statusCode(422).body("code", equalTo("sign-in-too-old"));
    }

    /** Whatever comes in the same moment: it is in the wallet, and the account is not closed. */
    @Test
    void noMoneyEndsInAnAccountThatIsClosed() throws Exception {
        for (var round = 0; round < 2; round++) {
            var anna = TestPerson.fresh();
            var boris = TestPerson.with(10_00, "USD");
            var body =
                    "{\"payee\": {\"customerId\": \"%s\"}, \"amount\": {\"minor\": 1, \"currency\": \"USD\"}}"
                            .formatted(anna.id());
            var tasks = new ArrayList<Callable<Integer>>();
            for (var i = 0; i < 8; i++) {
                tasks.add(
                        () ->
                                Http.post(
                                                boris,
                                                "/v1/transfers",
                                                UUID.randomUUID().toString(),
                                                body)
                                        .statusCode());
            }
            tasks.add(3, () -> Leaver.close(anna, null, null).extract().statusCode() + 1000);

            var answers = Race.run(9, tasks);

            var arrived = answers.stream().filter(it -> it == 201).count();
            var isClosing = answers.contains(1200);
            assertThat(answers).containsAnyOf(1200, 1422);
            assertThat(anna.balance("USD")).isEqualTo(arrived);
            Leaver.letTimePass();
            leaver.carryOut(anna);
            assertThat(Leaver.customerState(anna))
                    .isEqualTo(!isClosing ? "ACTIVE" : arrived == 0 ? "CLOSED" : "CLOSING");
        }
    }

    /** The account is closed between finding whose phone it is and opening a session. */
    @Test
    void aSignInInTheSameMomentIsOfSomebodyNew() throws Exception {
        var anna = TestPerson.fresh();
        var signIn =
                TestPerson.startSignIn(anna.phone()).statusCode(202).extract().<String>path("id");
        var code = TestPerson.codeOf(anna.phone());
        try (var leaving = Sql.asOwner()) {
            leaving.setAutoCommit(false);
            execute(
                    leaving,
                    "select from customer where id = '%s' for update".formatted(anna.id()));

            var confirming =
                    CompletableFuture.supplyAsync(
                            () -> TestPerson.confirm(signIn, code).statusCode(200));
            await().atMost(SOON)
                    .until(
                            () ->
                                    Sql.<Long>value(
                                                    "select count(*) from pg_locks where not"
                                                            + " granted")
                                            > 0);
            execute(
                    leaving,
                    "update customer set state = 'CLOSED', phone = null where id = '%s'"
                            .formatted(anna.id()));
            leaving.commit();

            var next = confirming.join().extract();
            assertThat(next.<String>path("customer.id")).isNotEqualTo(anna.id().toString());
            assertThat(next.<Boolean>path("customer.isNew")).isTrue();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void moneyThatComesLaterIsOwedAndGivenBackByTwo() {
        var anna = Leaver.named("Owed_" + suffix(), 1_00);
        var boris = Leaver.named("Taker_" + suffix(), 0);
        anna.send(boris, 1_00, "EUR", "all").statusCode(201);
        leaver.leave(anna);
        assertThat(Leaver.state(anna)).isEqualTo("CLOSED");
        var finance = TestOperator.with(Role.FINANCE);
        var approver = TestOperator.with(Role.APPROVER);

        post(finance, approver, "WORLD", null, anna.id(), 7_00);
        leaver.carryOut(anna);

        assertThat(Leaver.state(anna)).isEqualTo("OWED");
        finance.get("/v1/admin/closings")
                .statusCode(200)
                .body("items.customerId", hasItem(anna.id().toString()));
        finance.request()
                .queryParam("phone", anna.phone())
                .get("/v1/admin/closings")
                .then()
                .statusCode(200)
                .body("items.customerId", contains(anna.id().toString()));
        finance.get("/v1/admin/closings/" + anna.id())
                .statusCode(200)
                .body("closing.left.minor", contains(7_00))
                .body("was.phone", equalTo(anna.phone()))
                .body("was.birthDate", equalTo("1990-05-17"));
        assertThat(Sql.column("select action from audit where resource = ?", anna.id().toString()))
                .contains("closings.read");
        finance.get("/v1/admin/customers/" + anna.id())
                .statusCode(200)
                .body("customer.state", equalTo("closed"))
                .body("customer.phone", equalTo(null));

        var next = TestPerson.signIn(anna.phone());
        next.fund(1, "EUR");
        post(finance, approver, "WALLET", anna.id(), next.id(), 7_00);
        leaver.carryOut(anna);

        assertThat(Leaver.state(anna)).isEqualTo("CLOSED");
        assertThat(next.balance("EUR")).isEqualTo(7_01);
        finance.get("/v1/admin/closings")
                .body("items.customerId", not(hasItem(anna.id().toString())));
    }

    private static void post(
            TestOperator finance,
            TestOperator approver,
            String kind,
            UUID from,
            UUID to,
            long minor) {
        var debit = line("debit", minor);
        debit.put("kind", kind);
        debit.put("owner", from);
        var credit = line("credit", minor);
        credit.put("kind", "WALLET");
        credit.put("owner", to);
        var approval =
                finance.post(
                                "/v1/admin/ledger/postings",
                                Map.of("lines", List.of(debit, credit), "reason", REASON))
                        .statusCode(202)
                        .extract()
                        .<String>path("id");
        approver.approve(approval).statusCode(200);
    }

    private static Map<String, Object> line(String side, long minor) {
        var line = new HashMap<String, Object>();
        line.put("side", side);
        line.put("amount", TestPerson.money(minor, "EUR"));
        return line;
    }

    @Test
    void theTableRefusesWhatNobodyDecided() {
        var anna = Leaver.named("Table_" + suffix(), 0);
        leaver.leave(anna);

        refuses("update customer set state = 'ACTIVE' where id = ?", anna, "is closed");
        refuses("update customer set handle = 'back_again' where id = ?", anna, "customer_erased");
        refuses("update closing set state = 'CLOSING' where customer = ?", anna, "become");
        refuses("delete from closing where customer = ?", anna, "append-only");
        assertThat(
                        Sql.<Long>value(
                                """
                                select count(*) from former_customer
                                 where customer = ? and keep_until = closed_at + interval '5 years'
                                """,
                                anna.id()))
                .isOne();
    }

    private static void refuses(String sql, TestPerson anna, String why) {
        assertThatThrownBy(() -> Sql.run(sql, anna.id())).hasStackTraceContaining(why);
    }

    @Test
    void isRefusedForTheFirstOfManyReasons() {
        var anna = Leaver.named("Many_" + suffix(), 10_00);
        var boris = Leaver.named("Other_" + suffix(), 10_00);
        var waiting = till.waitingCard(anna.id(), SimulatedCard.WORKS);
        var works = till.card(anna.id(), SimulatedCard.WORKS);
        var transfer =
                boris.send(anna, 1_00, "EUR", "k").statusCode(201).extract().<String>path("id");
        var claim =
                TestOperator.with(Role.SUPPORT)
                        .post(
                                "/v1/admin/claims",
                                Map.of(
                                        "transferId",
                                        transfer,
                                        "kind",
                                        "wrong",
                                        "statement",
                                        "Twice.",
                                        "reason",
                                        REASON))
                        .statusCode(201)
                        .extract()
                        .<String>path("claim.id");
        Sql.run(
                """
                insert into top_up (id, customer, key, fingerprint, card, minor, currency, state, reference,
                                    created_at, due_at)
                values (?, ?, 'pending', repeat('a', 64), ?, 1, 'EUR', 'PENDING', 'r', now(), '2100-01-01')
                """,
                UUID.randomUUID(),
                anna.id(),
                works);
        Sql.run("update customer set state = 'FROZEN' where id = ?", anna.id());
        var nobodys = UUID.randomUUID();

        signedIn(anna, "11 minutes");
        refused(anna, nobodys, "sign-in-too-old", 422);
        signedIn(anna, "0 minutes");
        refused(anna, nobodys, "customer-frozen", 422);
        Sql.run("update customer set state = 'ACTIVE' where id = ?", anna.id());
        refused(anna, nobodys, "closing-contested", 422);
        Sql.run("update claim set state = 'INVESTIGATING' where id = cast(? as uuid)", claim);
        refused(anna, null, "closing-contested", 422);
        Sql.run(
                "update claim set state = 'REJECTED', ended_at = now() where id = cast(? as uuid)",
                claim);
        refused(anna, null, "closing-charging", 409);
        Sql.run(
                """
                update top_up set state = 'DECLINED', decline_code = 'x', due_at = null, answer_status = 422,
                                  answer = '{}'
                 where customer = ?
                """,
                anna.id());
        refused(anna, null, "money-left", 422);
        refused(anna, nobodys, "card-not-found", 404);
        refused(anna, waiting, "money-not-paid-out", 422);
        Leaver.close(anna, waiting, null)
                .body("reason", equalTo("card-not-active"))
                .body("detail", containsString("code"));
        assertThat(Leaver.customerState(anna)).isEqualTo("ACTIVE");
        Leaver.close(anna, works, null).statusCode(200);
        Leaver.close(anna, works, null).statusCode(200).body("state", equalTo("closing"));
        assertThat(Sql.<Long>value("select count(*) from closing where customer = ?", anna.id()))
                .isOne();
    }

    private static void signedIn(TestPerson anna, String ago) {
        Sql.run(
                "update session set created_at = last_used_at - cast(? as interval) where customer"
                        + " = ?",
                ago,
                anna.id());
    }

    private static void refused(TestPerson anna, @Nullable UUID card, String code, int status) {
        Leaver.close(anna, card, null).statusCode(status).body("code", equalTo(code));
    }
}
