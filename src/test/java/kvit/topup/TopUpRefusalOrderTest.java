package kvit.topup;

import static org.hamcrest.Matchers.equalTo;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.card.CardProblem;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.idempotency.KeyProblem;
import kvit.identity.PersonProblem;
import kvit.problem.GeneralProblem;
import kvit.problem.ProblemType;
import kvit.rules.RulesProblem;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

/**
 * Of several faults in one request the first in the order of problems is answered: each row repairs
 * one fault of the row above, until there is none.
 */
@KvitTest
class TopUpRefusalOrderTest {

    private enum Fault {
        KEY_MISSING(KeyProblem.IDEMPOTENCY_KEY_MISSING),
        KEY_INVALID(KeyProblem.IDEMPOTENCY_KEY_INVALID),
        AMOUNT_NEGATIVE(GeneralProblem.VALIDATION_FAILED),
        KEY_USED(KeyProblem.IDEMPOTENCY_KEY_REUSED),
        CARD_IS_ANOTHERS(CardProblem.CARD_NOT_FOUND),
        CARD_WAITS_FOR_ITS_CODE(CardProblem.CARD_NOT_ACTIVE),
        CUSTOMER_IS_FROZEN(PersonProblem.CUSTOMER_FROZEN),
        LIVES_WHERE_NOBODY_IS_SERVED(RulesProblem.COUNTRY_NOT_SERVED),
        CHANNEL_IS_CLOSED(RulesProblem.CHANNEL_NOT_ALLOWED),
        CURRENCY_IS_ANOTHER(RulesProblem.CURRENCY_NOT_ALLOWED),
        IS_A_CHILD(RulesProblem.AGE_NOT_ALLOWED),
        AMOUNT_ABOVE_THE_BOUND(RulesProblem.AMOUNT_OUT_OF_RANGE),
        LIMIT_IS_USED_UP(RulesProblem.LIMIT_EXCEEDED),
        CARD_IS_PREPAID(RulesProblem.FUNDING_SOURCE_UNUSABLE),
        ISSUER_DECLINES(CardProblem.CARD_DECLINED);

        final ProblemType answer;

        Fault(ProblemType answer) {
            this.answer = answer;
        }
    }

    @Inject Till till;

    @Test
    void refusesATopUpForTheFirstFaultInTheOrderOfProblems() {
        var anna = Desk.withoutPin();
        var onTelegram = TestPerson.signIn(anna.phone(), "telegram");
        var cards = new Cards(anna.id());
        anna.post("/v1/top-ups", "used", Till.body(cards.works, 1)).statusCode(201);
        for (var first : Fault.values()) {
            var faults = EnumSet.range(first, Fault.ISSUER_DECLINES);
            topUp(anna, onTelegram, cards, faults)
                    .statusCode(first.answer.status())
                    .body("code", equalTo(first.answer.code()));
        }
        topUp(anna, onTelegram, cards, Set.of()).statusCode(201);
    }

    private class Cards {
        final UUID works;
        final UUID declines;
        final UUID waits;
        final UUID another;

        Cards(UUID customer) {
            works = till.card(customer, SimulatedCard.WORKS);
            declines = till.card(customer, SimulatedCard.DECLINED);
            waits = till.waitingCard(customer, SimulatedCard.WORKS);
            another = till.card(Desk.withoutPin().id(), SimulatedCard.WORKS);
        }

        UUID of(Set<Fault> faults) {
            if (faults.contains(Fault.CARD_IS_ANOTHERS)) {
                return another;
            }
            if (faults.contains(Fault.CARD_WAITS_FOR_ITS_CODE)) {
                return waits;
            }
            return faults.contains(Fault.ISSUER_DECLINES) ? declines : works;
        }
    }

    private static ValidatableResponse topUp(
            TestPerson anna, TestPerson onTelegram, Cards cards, Set<Fault> faults) {
        var isChannelClosed = faults.contains(Fault.CHANNEL_IS_CLOSED);
        Desk.become(
                anna.id(),
                faults.contains(Fault.CUSTOMER_IS_FROZEN),
                faults.contains(Fault.LIVES_WHERE_NOBODY_IS_SERVED)
                        ? "JP"
                        : isChannelClosed ? "RU" : "US",
                faults.contains(Fault.IS_A_CHILD));
        Sql.run(
                "update card set funding = ? where customer = ? and state = 'ACTIVE'",
                faults.contains(Fault.CARD_IS_PREPAID) ? "PREPAID" : "DEBIT",
                anna.id());
        Sql.run(
                "update limit_counter set minor = ? where customer = ? and operation = 'TOP_UP'",
                faults.contains(Fault.LIMIT_IS_USED_UP) ? 60_000_00L : 1L,
                anna.id());
        var minor =
                faults.contains(Fault.AMOUNT_NEGATIVE)
                        ? -1
                        : faults.contains(Fault.AMOUNT_ABOVE_THE_BOUND) ? 1_000_000_00L : 10_00;
        var currency = faults.contains(Fault.CURRENCY_IS_ANOTHER) ? "EUR" : "USD";
        var person = isChannelClosed ? onTelegram : anna;
        var request =
                person.request()
                        .contentType(ContentType.JSON)
                        .body(
                                Map.of(
                                        "cardId",
                                        cards.of(faults),
                                        "amount",
                                        TestPerson.money(minor, currency)));
        if (!faults.contains(Fault.KEY_MISSING)) {
            var key = faults.contains(Fault.KEY_USED) ? "used" : "k-" + faults.size();
            request.header(
                    "Idempotency-Key", faults.contains(Fault.KEY_INVALID) ? "x".repeat(256) : key);
        }
        return request.post("/v1/top-ups").then();
    }
}
