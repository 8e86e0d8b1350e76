package kvit.request;

import static kvit.support.TestPerson.money;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.idempotency.KeyProblem;
import kvit.identity.PersonProblem;
import kvit.ledger.LedgerProblem;
import kvit.problem.GeneralProblem;
import kvit.problem.ProblemType;
import kvit.rules.RulesProblem;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Of several faults in one request the first in the order of problems is answered: each row repairs
 * one fault of the row above, until there is none.
 */
@KvitTest
class RequestRefusalOrderTest {

    private enum Fault {
        KEY_MISSING(KeyProblem.IDEMPOTENCY_KEY_MISSING),
        KEY_INVALID(KeyProblem.IDEMPOTENCY_KEY_INVALID),
        SPLIT_UNKNOWN(GeneralProblem.VALIDATION_FAILED),
        AMOUNT_IN_AN_EQUAL_SPLIT(GeneralProblem.VALIDATION_FAILED),
        KEY_USED(KeyProblem.IDEMPOTENCY_KEY_REUSED),
        MORE_PEOPLE_THAN_MAY_BE(RequestProblem.TOO_MANY_PAYERS),
        AMOUNTS_BEYOND_THE_WHOLE(RequestProblem.SPLIT_NOT_EXACT),
        PAYER_IS_UNKNOWN(PersonProblem.PERSON_NOT_FOUND),
        ASKS_THEMSELVES(RequestProblem.ASKER_IS_PAYER),
        ASKS_SOMEBODY_TWICE(RequestProblem.PAYER_TWICE),
        ASKER_IS_FROZEN(PersonProblem.CUSTOMER_FROZEN),
        PAYER_IS_FROZEN(PersonProblem.CUSTOMER_FROZEN),
        LIVES_WHERE_NOBODY_IS_SERVED(RulesProblem.COUNTRY_NOT_SERVED),
        CURRENCY_IS_ANOTHER(RulesProblem.CURRENCY_NOT_ALLOWED),
        IS_A_CHILD(RulesProblem.AGE_NOT_ALLOWED),
        AMOUNT_ABOVE_THE_BOUND(RulesProblem.AMOUNT_OUT_OF_RANGE);

        final ProblemType answer;

        Fault(ProblemType answer) {
            this.answer = answer;
        }
    }

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.fresh();
        boris = TestPerson.fresh();
    }

    @Test
    void refusesToAskForTheFirstFaultInTheOrderOfProblems() {
        ask(Set.of(), "used").statusCode(201);
        for (var first : Fault.values()) {
            var faults = EnumSet.range(first, Fault.AMOUNT_ABOVE_THE_BOUND);
            ask(faults, "k-" + faults.size())
                    .statusCode(first.answer.status())
                    .body("code", equalTo(first.answer.code()));
        }
        ask(Set.of(), "last").statusCode(201);
    }

    @Test
    void refusesAShareOfNothingBeforeItLooksAnybodyUp() {
        var body =
                Map.of(
                        "amount",
                        money(1, "USD"),
                        "payers",
                        List.of(Map.of("phone", Phones.next()), Map.of("customerId", boris.id())));
        anna.post("/v1/requests", "tiny", body)
                .statusCode(422)
                .body("code", equalTo("share-too-small"));
    }

    private ValidatableResponse ask(Set<Fault> faults, String key) {
        Sql.run(
                "update customer set state = ?, country = ?, birth_date = cast(? as date) where id"
                        + " = ?",
                faults.contains(Fault.ASKER_IS_FROZEN) ? "FROZEN" : "ACTIVE",
                faults.contains(Fault.LIVES_WHERE_NOBODY_IS_SERVED) ? "JP" : "US",
                faults.contains(Fault.IS_A_CHILD) ? "2020-01-01" : "1990-05-17",
                anna.id());
        Sql.run(
                "update customer set state = ? where id = ?",
                faults.contains(Fault.PAYER_IS_FROZEN) ? "FROZEN" : "ACTIVE",
                boris.id());
        var request = anna.request().contentType(ContentType.JSON).body(body(faults));
        if (!faults.contains(Fault.KEY_MISSING)) {
            var given = faults.contains(Fault.KEY_USED) ? "used" : key;
            request.header(
                    "Idempotency-Key",
                    faults.contains(Fault.KEY_INVALID) ? "x".repeat(256) : given);
        }
        return request.post("/v1/requests").then();
    }

    private Map<String, Object> body(Set<Fault> faults) {
        var currency = faults.contains(Fault.CURRENCY_IS_ANOTHER) ? "EUR" : "USD";
        var each = faults.contains(Fault.AMOUNT_ABOVE_THE_BOUND) ? 1_000_000_00L : 1_00L;
        var payers = new ArrayList<Map<String, Object>>();
        payers.add(payer("customerId", boris.id(), each, currency));
        if (faults.contains(Fault.ASKS_SOMEBODY_TWICE)) {
            payers.add(payer("phone", boris.phone(), each, currency));
        }
        if (faults.contains(Fault.ASKS_THEMSELVES)) {
            payers.add(payer("customerId", anna.id(), each, currency));
        }
        if (faults.contains(Fault.PAYER_IS_UNKNOWN)) {
            payers.add(payer("customerId", UUID.randomUUID(), each, currency));
        }
        while (faults.contains(Fault.MORE_PEOPLE_THAN_MAY_BE) && payers.size() <= 50) {
            payers.add(payer("customerId", UUID.randomUUID(), each, currency));
        }
        var excess = faults.contains(Fault.AMOUNTS_BEYOND_THE_WHOLE) ? 1 : 0;
        var body = new HashMap<String, Object>();
        body.put("amount", money(payers.size() * each - excess, currency));
        body.put("payers", payers);
        body.put("split", "amounts");
        if (faults.contains(Fault.AMOUNT_IN_AN_EQUAL_SPLIT)) {
            body.put("split", "equal");
        }
        if (faults.contains(Fault.SPLIT_UNKNOWN)) {
            body.put("split", "fairly");
        }
        return body;
    }

    private static Map<String, Object> payer(
            String name, Object value, long minor, String currency) {
        return Map.of(name, value, "amount", money(minor, currency));
    }

    private enum PaymentFault {
        KEY_MISSING(KeyProblem.IDEMPOTENCY_KEY_MISSING),
        SOURCE_IS_NONE(GeneralProblem.VALIDATION_FAILED),
        REQUEST_IS_ANOTHERS(RequestProblem.REQUEST_NOT_FOUND),
        SHARE_IS_NONE(RequestProblem.SHARE_NOT_FOUND),
        SHARE_IS_ANOTHERS(RequestProblem.NOT_THE_ASKED),
        KEY_USED(KeyProblem.IDEMPOTENCY_KEY_REUSED),
        SHARE_IS_DECLINED(RequestProblem.SHARE_NOT_OPEN),
        AMOUNT_IS_ANOTHER(RequestProblem.SHARE_AMOUNT_DIFFERS),
        PAYER_IS_FROZEN(PersonProblem.CUSTOMER_FROZEN),
        LIVES_WHERE_NOBODY_IS_SERVED(RulesProblem.COUNTRY_NOT_SERVED),
        FUNDS_ARE_NOT_THERE(LedgerProblem.INSUFFICIENT_FUNDS);

        final ProblemType answer;

        PaymentFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    @Test
    void refusesAPaymentForTheFirstFaultInTheOrderOfProblems() {
        var clara = TestPerson.fresh();
        boris.fund(20_00, "USD");
        boris.send(clara, 1, "USD", "used").statusCode(201);
        var dollars = Map.<String, Object>of("amount", money(20_00, "USD"));
        var bill = Bill.of(dollars, anna, List.of(boris, clara));
        var declined = Bill.of(dollars, anna, List.of(boris, clara));
        declined.decline(0).statusCode(200);
        var others = Bill.of(dollars, anna, List.of(clara));
        for (var first : PaymentFault.values()) {
            var faults = EnumSet.range(first, PaymentFault.FUNDS_ARE_NOT_THERE);
            var on = faults.contains(PaymentFault.SHARE_IS_DECLINED) ? declined : bill;
            pay(faults, on, others)
                    .statusCode(first.answer.status())
                    .body("code", equalTo(first.answer.code()));
        }
        pay(Set.of(), bill, others).statusCode(201);
    }

    private ValidatableResponse pay(Set<PaymentFault> faults, Bill bill, Bill others) {
        Sql.run(
                "update customer set state = ?, country = ? where id = ?",
                faults.contains(PaymentFault.PAYER_IS_FROZEN) ? "FROZEN" : "ACTIVE",
                faults.contains(PaymentFault.LIVES_WHERE_NOBODY_IS_SERVED) ? "JP" : "US",
                boris.id());
        var isPoor = faults.contains(PaymentFault.FUNDS_ARE_NOT_THERE);
        var body = new HashMap<String, Object>();
        if (faults.contains(PaymentFault.AMOUNT_IS_ANOTHER)) {
            body.put("amount", money(9_99, "USD"));
        }
        if (faults.contains(PaymentFault.SOURCE_IS_NONE)) {
            body.put("fundingSource", "purse");
        }
        if (!isPoor) {
            boris.fund(20_00, "USD");
        } else if (boris.balance("USD") >= 10_00) {
            boris.send(bill.asker(), boris.balance("USD"), "USD", "away-" + UUID.randomUUID());
        }
        var path =
                faults.contains(PaymentFault.REQUEST_IS_ANOTHERS)
                        ? others.path(0, "payment")
                        : bill.path(
                                faults.contains(PaymentFault.SHARE_IS_ANOTHERS) ? 1 : 0, "payment");
        if (faults.contains(PaymentFault.SHARE_IS_NONE)) {
            path = path.replace(bill.shares().get(1), UUID.randomUUID().toString());
        }
        var request = boris.request().contentType(ContentType.JSON).body(body);
        if (!faults.contains(PaymentFault.KEY_MISSING)) {
            request.header(
                    "Idempotency-Key",
                    faults.contains(PaymentFault.KEY_USED) ? "used" : "k-" + faults.size());
        }
        return request.post(path).then();
    }
}
