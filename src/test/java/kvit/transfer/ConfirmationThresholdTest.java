package kvit.transfer;

import static kvit.transfer.TransferState.COMPLETED;
import static kvit.transfer.TransferState.REQUIRES_CONFIRMATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.idempotency.Answer;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.Role;
import kvit.problem.Problem;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import kvit.support.WaitingRules;
import kvit.transfer.Waiting.Somebody;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One tap up to the thresholds of the payer's country, and a confirmation beyond them. */
@KvitTest
class ConfirmationThresholdTest {

    private static final String PIN = "738201";

    @Inject Waiting waiting;
    @Inject Teller teller;

    private Somebody anna;
    private Somebody boris;

    @BeforeEach
    void twoFrenchPeople() {
        anna = waiting.somebody("FR", 2_000_00);
        boris = waiting.somebody("FR", 0);
    }

    @ParameterizedTest
    @CsvSource({
        "FR, EUR, 3000, COMPLETED",
        "FR, EUR, 3001, REQUIRES_CONFIRMATION",
        "PT, EUR, 3001, REQUIRES_CONFIRMATION",
        "GB, GBP, 2500, COMPLETED",
        "GB, GBP, 2501, REQUIRES_CONFIRMATION",
        "US, USD, 1000000, COMPLETED",
        "RU, RUB, 1500000, COMPLETED"
    })
    void oneTapUpToTheLowValueOfThePayersCountry(
            String country, Currency currency, long minor, TransferState state) {
        var payer = waiting.somebody(country, 0);
        var payee = waiting.somebody(country, 0);
        var amount = new Money(minor, currency);
        waiting.fund(payer.id(), amount);
        var attempt = teller.attempt(payer.id(), payee.id(), amount, "k");
        assertThat(teller.send(List.of(attempt)).get(0).status()).isEqualTo(201);
        assertThat(waiting.find(payer, "k").state()).isEqualTo(state);
    }

    @Test
    void aHundredEurosSinceTheLastConfirmationAreTheEndOfOneTap() {
        assertThat(states(30_00, 30_00, 30_00, 10_00)).containsOnly(COMPLETED);
        var next = waiting.sent(anna, boris, 1);
        var code = Waiting.codeOf(anna.phone());
        assertThat(waiting.state(next)).isEqualTo(REQUIRES_CONFIRMATION);
        // Whatever waits, it waits for a word, and none was given.
        assertThat(states(30_00, 1)).containsOnly(REQUIRES_CONFIRMATION);
        assertThat(waiting.balance(boris.id())).isEqualTo(100_00);

        waiting.confirm(anna, next, code);
        assertThat(states(30_00, 30_00, 30_00, 10_00)).containsOnly(COMPLETED);
        assertThat(states(1)).containsOnly(REQUIRES_CONFIRMATION);
        assertThat(waiting.balance(boris.id())).isEqualTo(200_01);
    }

    /** The law counts earlier ones; that the one in hand is among them is the stricter reading. */
    @Test
    void whatWouldGoBeyondTheTotalIsConfirmedItself() {
        assertThat(states(30_00, 30_00, 30_00, 10_01, 10_00, 1))
                .containsExactly(
                        COMPLETED,
                        COMPLETED,
                        COMPLETED,
                        REQUIRES_CONFIRMATION,
                        COMPLETED,
                        REQUIRES_CONFIRMATION);
    }

    @Test
    void fiveInARowAreTheEndOfOneTapHoweverSmall() {
        assertThat(states(1, 1, 1, 1, 1)).containsOnly(COMPLETED);
        var sixth = waiting.sent(anna, boris, 1);
        assertThat(waiting.state(sixth)).isEqualTo(REQUIRES_CONFIRMATION);
        confirm(sixth);
        assertThat(states(1, 1, 1, 1, 1, 1))
                .containsExactly(
                        COMPLETED,
                        COMPLETED,
                        COMPLETED,
                        COMPLETED,
                        COMPLETED,
                        REQUIRES_CONFIRMATION);
    }

    /** Also one that had to be confirmed for its own amount. */
    @Test
    void anyConfirmationBeginsTheCountAnew() {
        assertThat(states(30_00, 30_00)).containsOnly(COMPLETED);
        var large = waiting.sent(anna, boris, 400_00);
        var code = Waiting.codeOf(anna.phone());
        assertThat(states(30_00, 10_00, 1))
                .containsExactly(COMPLETED, COMPLETED, REQUIRES_CONFIRMATION);
        waiting.confirm(anna, large, code);
        assertThat(states(30_00, 30_00, 30_00, 10_00, 1))
                .containsExactly(COMPLETED, COMPLETED, COMPLETED, COMPLETED, REQUIRES_CONFIRMATION);
    }

    @Test
    void aPinBeginsTheCountAnewLikeACode() {
        var payer = waiting.person("FR", 500_00);
        var payee = waiting.person("FR", 0);
        payer.setPin(PIN);
        for (var i = 0; i < 5; i++) {
            payer.send(payee, 1, "EUR", "first-" + i).body("state", equalTo("completed"));
        }
        String sixth =
                payer.send(payee, 1, "EUR", "sixth")
                        .statusCode(201)
                        .body("state", equalTo("requires_confirmation"))
                        .extract()
                        .path("id");
        payer.confirmByPin(sixth, PIN).statusCode(200).body("state", equalTo("completed"));
        for (var i = 0; i < 5; i++) {
            payer.send(payee, 1, "EUR", "then-" + i).body("state", equalTo("completed"));
        }
        payer.send(payee, 1, "EUR", "last").body("state", equalTo("requires_confirmation"));
    }

    /** As if each had been alone; a row that is refused leaves the count as it was. */
    @ParameterizedTest
    @EnumSource(Teller.Way.class)
    void aListCountsInOrderAndForEachPayerAlone(Teller.Way way) {
        var poor = waiting.somebody("FR", 6_00);
        var list = new ArrayList<Attempt<SendMoney.Order>>();
        for (var i = 0; i < 5; i++) {
            list.add(waiting.attempt(anna, boris, 25_00, "k" + i));
            list.add(waiting.attempt(poor, boris, 25_00, "k" + i));
        }
        list.add(waiting.attempt(poor, boris, 5_00, "k5"));
        list.add(waiting.attempt(boris, anna, 20_00, "k"));
        var answers = teller.send(way, list);
        for (var i = 0; i < 5; i++) {
            assertThat(answers.get(2 * i + 1).status()).isEqualTo(422);
            assertThat(waiting.find(anna, "k" + i).state())
                    .as("number %d", i)
                    .isEqualTo(i < 4 ? COMPLETED : REQUIRES_CONFIRMATION);
        }
        assertThat(waiting.find(poor, "k5").state()).isEqualTo(COMPLETED);
        assertThat(waiting.find(boris, "k").state()).isEqualTo(COMPLETED);
        assertThat(waiting.balance(boris.id())).isEqualTo(85_00);
        assertThat(waiting.available(anna.id())).isEqualTo(1_895_00);
        assertThat(
                        Sql.<String>column(
                                "select ruling ->> 'demands' from transfer where payer = ? order by id",
                                anna.id()))
                .containsExactly("[]", "[]", "[]", "[]", "[\"CONFIRMATION\"]");
        // The code was asked for with it.
        confirm(waiting.find(anna, "k4").id());
    }

    /** The promise needs the money as the posting would have. */
    @Test
    void whatIsNotCoveredIsDeclinedAndNobodyIsAskedForACode() {
        var payer = waiting.somebody("FR", 10);
        for (var i = 0; i < 5; i++) {
            assertThat(waiting.send(payer, boris, 1)).isEqualTo(COMPLETED);
        }
        var refused = teller.send(List.of(waiting.attempt(payer, boris, 6, "k"))).get(0);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("insufficient-funds");
        assertThat(waiting.find(payer, "k").state()).isEqualTo(TransferState.DECLINED);
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from confirmation where customer = ?", payer.id()))
                .isZero();
        assertThat(waiting.send(payer, boris, 5)).isEqualTo(REQUIRES_CONFIRMATION);
        assertThat(waiting.available(payer.id())).isZero();
    }

    @Test
    void replaysRefusalsAndQuotesCountForNothing() {
        for (var i = 0; i < 10; i++) {
            assertThat(send("same", 25_00).status()).isEqualTo(201);
            assertThat(send("beyond" + i, 500_01).status()).isEqualTo(422);
            assertThat(waiting.quote(anna, boris, 25_00).confirmation()).isNull();
        }
        assertThat(waiting.balance(boris.id())).isEqualTo(25_00);
        assertThat(states(25_00, 25_00)).containsOnly(COMPLETED);
        assertThat(waiting.quote(anna, boris, 25_00).confirmation()).isNull();
        assertThat(waiting.quote(anna, boris, 25_01).confirmation())
                .isEqualTo(QuoteTransfer.Confirmation.CODE);
        assertThat(states(25_01, 25_00)).containsExactly(REQUIRES_CONFIRMATION, COMPLETED);
    }

    /** Nobody has confirmed anything: neither by taking it back nor by letting it wait too long. */
    @Test
    void whatIsCancelledExpiresOrIsDeclinedBeginsNothingAnew() {
        assertThat(states(1, 1, 1, 1, 1)).containsOnly(COMPLETED);
        waiting.cancel(anna, waiting.sent(anna, boris, 1), "c");
        var late = waiting.sent(anna, boris, 1);
        Sql.run("update transfer set expires_at = created_at where id = ?", late);
        waiting.sweep();
        var carl = waiting.somebody("FR", 0);
        var declined = waiting.sent(anna, carl, 1);
        var code = Waiting.codeOf(anna.phone());
        Sql.run("update customer set state = 'FROZEN' where id = ?", carl.id());
        assertThatThrownBy(() -> waiting.confirm(anna, declined, code)).isInstanceOf(Problem.class);
        assertThat(waiting.state(declined)).isEqualTo(TransferState.DECLINED);
        assertThat(states(1)).containsOnly(REQUIRES_CONFIRMATION);
        assertThat(waiting.balance(boris.id())).isEqualTo(5);
    }

    @Test
    void whoGivesMoneyBackConfirmsNothingAndCountsNothing() {
        var payer = waiting.person("FR", 500_00);
        var payee = waiting.person("FR", 0);
        String large = payer.send(payee, 200_00, "EUR", "k").statusCode(201).extract().path("id");
        payer.confirm(large).statusCode(200);
        for (var i = 0; i < 6; i++) {
            payee.refund(large, 30_00, "EUR", "r" + i)
                    .statusCode(201)
                    .body("state", equalTo("completed"));
        }
        for (var i = 0; i < 5; i++) {
            payee.send(payer, 1, "EUR", "k" + i).body("state", equalTo("completed"));
        }
    }

    /** Each currency and each person for themselves. */
    @Test
    void whatSomebodyReceivesOrAnotherSendsIsNotCounted() {
        assertThat(states(30_00, 30_00, 30_00, 10_00)).containsOnly(COMPLETED);
        assertThat(
                        List.of(
                                waiting.send(boris, anna, 30_00),
                                waiting.send(boris, anna, 30_00),
                                waiting.send(boris, anna, 30_00)))
                .containsOnly(COMPLETED);
        assertThat(states(1)).containsOnly(REQUIRES_CONFIRMATION);
    }

    /** The row of the count is locked: the last of it is given to one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyAtOnceGetNoMoreThanTheThresholdAllows(boolean together) throws Exception {
        var tasks = new ArrayList<Callable<List<Answer>>>();
        for (var i = 0; i < 16; i++) {
            var attempts =
                    List.of(
                            waiting.attempt(anna, boris, 30_00, "a" + i),
                            waiting.attempt(anna, boris, 30_00, "b" + i));
            if (together) {
                tasks.add(() -> teller.send(attempts));
            } else {
                attempts.forEach(it -> tasks.add(() -> teller.send(List.of(it))));
            }
        }
        Race.run(16, tasks);
        assertThat(waiting.balance(boris.id())).isEqualTo(90_00);
        assertThat(
                        Sql.<String>column(
                                "select distinct state from transfer where payer = ?", anna.id()))
                .containsExactlyInAnyOrder("COMPLETED", "REQUIRES_CONFIRMATION");
        assertThat(stand(anna)).containsExactly("9000/3/0/0");
    }

    /**
     * The count begins anew when somebody confirms, and not when somebody else has looked at it;
     * and what was confirmed is never counted.
     */
    @Test
    void oneThatIsLookedAtBeginsTheCountAnewWhenItIsConfirmed() {
        waiting.awaitRules();
        var payer = waiting.somebody(WaitingRules.CONFIRMING, 1_000_00);
        var payee = waiting.somebody(WaitingRules.CONFIRMING, 0);
        assertThat(waiting.send(payer, payee, 9_00)).isEqualTo(COMPLETED);
        var held = waiting.sent(payer, payee, 200_00);
        assertThat(waiting.confirm(payer, held, Waiting.codeOf(payer.phone())).state())
                .isEqualTo(TransferState.PENDING);
        assertThat(stand(payer)).containsExactly("900/1/900/1");
        assertThat(waiting.send(payer, payee, 8_00)).isEqualTo(COMPLETED);
        assertThat(waiting.approve(held).completed()).isTrue();
        assertThat(stand(payer)).containsExactly("21700/3/20900/2");
        for (var i = 0; i < 4; i++) {
            assertThat(waiting.send(payer, payee, 1)).isEqualTo(COMPLETED);
        }
        assertThat(waiting.send(payer, payee, 1)).isEqualTo(REQUIRES_CONFIRMATION);
    }

    @Test
    void whatNobodyConfirmedIsCountedWhenItWasLookedAt() {
        waiting.awaitRules();
        var payer = waiting.somebody(WaitingRules.REVIEWING, 100_00);
        var held = waiting.sent(payer, waiting.somebody(WaitingRules.REVIEWING, 0), 20_00);
        assertThat(waiting.approve(held).completed()).isTrue();
        assertThat(stand(payer)).containsExactly("2000/1/0/0");
    }

    /**
     * RTS (EU) 2018/389, article 5: whatever is different, it is not what was agreed to, by code or
     * PIN. No request changes any of it, and the database refuses to; so the trigger is out of the
     * way here.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "minor = minor + 1 | minor = minor - 1",
                "currency = 'USD' | currency = 'EUR'",
                "payer = payee, payee = payer | payer = payee, payee = payer",
                "payee = gen_random_uuid() | payee = '%s'"
            })
    void anyChangeOfWhatWasAgreedToKillsTheCodeAndThePin(String change, String back) {
        var payer = waiting.person("FR", 500_00);
        var payee = waiting.person("FR", 0);
        payer.setPin(PIN);
        payee.setPin(PIN);
        var sent = payer.send(payee, 40_00, "EUR", "k").statusCode(201).extract();
        var id = UUID.fromString(sent.path("id"));
        var code = Waiting.codeOf(payer.phone());
        var now = change.contains("payer = ") ? payee : payer;
        alter(change, id);
        try {
            confirm(now, id, "code", code).statusCode(422).body("code", equalTo("code-wrong"));
            confirm(now, id, "pin", PIN)
                    .statusCode(422)
                    .body("code", equalTo("transfer-not-confirmable"));
            assertThat(waiting.balance(payer.id())).isEqualTo(500_00);
        } finally {
            alter(back.formatted(payee.id()), id);
        }
        confirm(payer, id, "code", code).statusCode(200).body("state", equalTo("completed"));
        assertThat(waiting.balance(payee.id())).isEqualTo(40_00);
    }

    private static void alter(String change, UUID id) {
        Sql.run("alter table transfer disable trigger user");
        try {
            Sql.run("update transfer set " + change + " where id = ?", id);
        } finally {
            Sql.run("alter table transfer enable trigger user");
        }
    }

    private static ValidatableResponse confirm(
            TestPerson person, UUID id, String kind, String value) {
        return person.request()
                .contentType("application/json")
                .body(Map.of(kind, value))
                .post("/v1/transfers/{id}/confirmation", id)
                .then();
    }

    /** The same word for another transfer of the same amount to the same person is none. */
    @Test
    void aCodeIsForOneTransferAndNotForItsTwin() {
        var first = waiting.sent(anna, boris, 40_00);
        var code = Waiting.codeOf(anna.phone());
        var twin = waiting.sent(anna, boris, 40_00);
        var twins = Waiting.codeOf(anna.phone());
        if (!code.equals(twins)) {
            assertThatThrownBy(() -> waiting.confirm(anna, twin, code)).isInstanceOf(Problem.class);
        }
        assertThat(waiting.confirm(anna, first, code).state()).isEqualTo(COMPLETED);
        assertThat(waiting.confirm(anna, twin, twins).state()).isEqualTo(COMPLETED);
    }

    @Test
    void anOperatorSeesWhatWasDemandedAndWhatIsCounted() {
        var admin = TestOperator.with(Role.ADMIN);
        states(1, 1, 1, 1, 1);
        var first =
                Sql.<UUID>value("select id from transfer where payer = ? order by id", anna.id());
        var sixth = waiting.sent(anna, boris, 1);
        admin.post("/v1/admin/rules/evaluation", Map.of("transferId", first))
                .statusCode(200)
                .body("demands", empty())
                .body("matched.id", hasItem("confirmation/EEA"))
                .body("thresholds[0].rule", equalTo("confirmation/EEA"))
                .body("thresholds[0].total", equalTo(100_00))
                .body("thresholds[0].count", equalTo(5))
                .body("recorded", nullValue());
        admin.post("/v1/admin/rules/evaluation", Map.of("transferId", sixth))
                .statusCode(200)
                .body("demands", equalTo(List.of("CONFIRMATION")));
    }

    /** Whoever has written the row by hand as well. */
    @Test
    void theDatabaseCountsNoMoreAsConfirmedThanHasMoved() {
        states(1);
        for (var change :
                List.of("confirmed_minor = 2", "confirmed_moves = 2", "confirmed_minor = -1")) {
            assertThatThrownBy(
                            () ->
                                    Sql.run(
                                            "update limit_counter set "
                                                    + change
                                                    + " where customer = ?",
                                            anna.id()))
                    .hasStackTraceContaining("limit_counter_confirmed");
        }
    }

    private List<TransferState> states(long... amounts) {
        var states = new ArrayList<TransferState>();
        for (var minor : amounts) {
            states.add(waiting.send(anna, boris, minor));
        }
        return Collections.unmodifiableList(states);
    }

    private Answer send(String key, long minor) {
        return teller.send(List.of(waiting.attempt(anna, boris, minor, key))).get(0);
    }

    private void confirm(UUID transfer) {
        assertThat(waiting.confirm(anna, transfer, Waiting.codeOf(anna.phone())).state())
                .isEqualTo(COMPLETED);
    }

    /** What they have sent, how often, and what of both no threshold counts any more. */
    private static List<String> stand(Somebody payer) {
        return Sql.column(
                """
                select concat_ws('/', minor, moves, confirmed_minor, confirmed_moves)
                  from limit_counter where customer = ? and operation = 'SEND'
                """,
                payer.id());
    }
}
