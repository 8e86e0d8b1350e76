package kvit.card;

import static org.hamcrest.Matchers.equalTo;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Timestamp;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import kvit.idempotency.KeyProblem;
import kvit.identity.PersonProblem;
import kvit.problem.GeneralProblem;
import kvit.problem.ProblemType;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

/**
 * Of several faults in one request the first in the order of problems is answered: each row repairs
 * one fault of the row above, until there is none.
 */
@KvitTest
class CardRefusalOrderTest {

    private enum Fault {
        KEY_MISSING(KeyProblem.IDEMPOTENCY_KEY_MISSING),
        KEY_INVALID(KeyProblem.IDEMPOTENCY_KEY_INVALID),
        CODE_MALFORMED(GeneralProblem.VALIDATION_FAILED),
        KEY_USED(KeyProblem.IDEMPOTENCY_KEY_REUSED),
        TOO_MANY_WERE_TRIED(GeneralProblem.TOO_MANY_REQUESTS),
        CUSTOMER_IS_FROZEN(PersonProblem.CUSTOMER_FROZEN),
        DETAILS_ARE_MISSING(CardProblem.DETAILS_MISSING),
        NUMBER_IS_NONE(CardProblem.CARD_INVALID),
        IS_OVER(CardProblem.CARD_EXPIRED),
        IS_THERE_ALREADY(CardProblem.CARD_DUPLICATE),
        IS_ONE_TOO_MANY(CardProblem.CARD_LIMIT_REACHED);

        final ProblemType answer;

        Fault(ProblemType answer) {
            this.answer = answer;
        }
    }

    @Inject Desk desk;
    @Inject Clock clock;

    @Test
    void refusesACardForTheFirstFaultInTheOrderOfProblems() {
        var anna = Desk.person();
        var there = TestCards.next();
        desk.enrol(anna.id(), "used", there);
        for (var i = 1; i < DecideEnrolment.CARDS_MAX; i++) {
            desk.enrolled(anna.id(), TestCards.next());
        }
        for (var first : Fault.values()) {
            add(anna, there, EnumSet.range(first, Fault.IS_ONE_TOO_MANY))
                    .statusCode(first.answer.status())
                    .body("code", equalTo(first.answer.code()));
        }
        add(TestPerson.fresh(), there, Set.of(Fault.DETAILS_ARE_MISSING))
                .body("code", equalTo(CardProblem.DETAILS_MISSING.code()));
        Sql.run("update card set slot = null where customer = ?", anna.id());
        add(anna, there, Set.of()).statusCode(201);
    }

    /** As many as the sandbox lets anybody try. */
    private void tryMany(TestPerson person) {
        Sql.run(
                """
                insert into card_enrolment (customer, key, created_at, answer_status, answer)
                select ?, 'many ' || n, ?, 422, '{}' from generate_series(1, 1000) n
                on conflict do nothing
                """,
                person.id(),
                // By the service's clock, which other tests set forward.
                Timestamp.from(clock.instant()));
    }

    private static void forget(TestPerson person) {
        Sql.run("alter table card_enrolment disable trigger card_enrolment_stays");
        try {
            Sql.run(
                    "delete from card_enrolment where customer = ? and key like 'many %'",
                    person.id());
        } finally {
            Sql.run("alter table card_enrolment enable trigger card_enrolment_stays");
        }
    }

    private ValidatableResponse add(TestPerson person, String there, Set<Fault> faults) {
        Sql.run(
                "update customer set state = ?, birth_date = cast(? as date) where id = ?",
                faults.contains(Fault.CUSTOMER_IS_FROZEN) ? "FROZEN" : "ACTIVE",
                faults.contains(Fault.DETAILS_ARE_MISSING) ? null : "1990-05-17",
                person.id());
        if (faults.contains(Fault.TOO_MANY_WERE_TRIED)) {
            tryMany(person);
        } else {
            forget(person);
        }
        var number = faults.contains(Fault.IS_THERE_ALREADY) ? there : TestCards.next();
        if (faults.contains(Fault.NUMBER_IS_NONE)) {
            number = number.substring(0, 15) + (number.charAt(15) == '0' ? '1' : '0');
        }
        var body = Desk.body(number);
        if (faults.contains(Fault.IS_OVER)) {
            body.put("expiryYear", 2020);
        }
        if (faults.contains(Fault.CODE_MALFORMED)) {
            body.put("cvc", "12a");
        }
        var request = person.request().contentType(ContentType.JSON).body(Map.copyOf(body));
        if (!faults.contains(Fault.KEY_MISSING)) {
            var key = faults.contains(Fault.KEY_USED) ? "used" : number + faults;
            request.header(
                    "Idempotency-Key", faults.contains(Fault.KEY_INVALID) ? "x".repeat(256) : key);
        }
        return request.post("/v1/cards").then();
    }
}
