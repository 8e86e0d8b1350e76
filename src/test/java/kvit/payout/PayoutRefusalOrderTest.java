package kvit.payout;

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
import kvit.ledger.LedgerProblem;
import kvit.problem.GeneralProblem;
import kvit.problem.ProblemType;
import kvit.rules.RulesProblem;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.topup.Till;
import org.junit.jupiter.api.Test;

/**
 * Of several faults in one request the first in the order of problems is answered: each row repairs
 * one fault of the row above, until there is none.
 */
@KvitTest
class PayoutRefusalOrderTest {

    private enum Fault {
        KEY_MISSING(KeyProblem.IDEMPOTENCY_KEY_MISSING),
        KEY_INVALID(KeyProblem.IDEMPOTENCY_KEY_INVALID),
        SPEED_UNKNOWN(GeneralProblem.VALIDATION_FAILED),
        AMOUNT_NEGATIVE(GeneralProblem.VALIDATION_FAILED),
        KEY_USED(KeyProblem.IDEMPOTENCY_KEY_REUSED),
        CARD_IS_ANOTHERS(CardProblem.CARD_NOT_FOUND),
        CARD_WAITS_FOR_ITS_CODE(CardProblem.CARD_NOT_ACTIVE),
        CARD_IS_CHARGED_ONLY(PayoutProblem.CARD_TAKES_NO_PAYOUTS),
        CUSTOMER_IS_FROZEN(PersonProblem.CUSTOMER_FROZEN),
        LIVES_WHERE_NOBODY_IS_SERVED(RulesProblem.COUNTRY_NOT_SERVED),
        CHANNEL_IS_CLOSED(RulesProblem.CHANNEL_NOT_ALLOWED),
        CURRENCY_IS_ANOTHER(RulesProblem.CURRENCY_NOT_ALLOWED),
        IS_A_CHILD(RulesProblem.AGE_NOT_ALLOWED),
        AMOUNT_ABOVE_THE_BOUND(RulesProblem.AMOUNT_OUT_OF_RANGE),
        LIMIT_IS_USED_UP(RulesProblem.LIMIT_EXCEEDED),
        PIN_WAS_RESET(PayoutProblem.PAYOUTS_HELD),
        AMOUNT_BELOW_THE_FEE(PayoutProblem.PAYOUT_TOO_SMALL),
        FUNDS_ARE_NOT_THERE(LedgerProblem.INSUFFICIENT_FUNDS);

        final ProblemType answer;

        Fault(ProblemType answer) {
            this.answer = answer;
        }
    }

    @Inject Till till;

    @Test
    void refusesAPayoutForTheFirstFaultInTheOrderOfProblems() {
        var anna = Desk.person();
        anna.fund(20_00, "USD");
        var onTelegram = TestPerson.signIn(anna.phone(), "telegram");
        var cards = new Cards(anna.id());
        anna.post("/v1/payouts", "used", Payouts.body(cards.works, 1, "standard")).statusCode(201);
        for (var first : Fault.values()) {
            var faults = EnumSet.range(first, Fault.FUNDS_ARE_NOT_THERE);
            payOut(anna, onTelegram, cards, faults)
                    .statusCode(first.answer.status())
                    .body("code", equalTo(first.answer.code()));
        }
        payOut(anna, onTelegram, cards, Set.of()).statusCode(201);
    }

    private class Cards {
        final UUID works;
        final UUID waits;
        final UUID another;

        Cards(UUID customer) {
            works = till.card(customer, SimulatedCard.WORKS);
            waits = till.waitingCard(customer, SimulatedCard.WORKS);
            another = till.card(Desk.withoutPin().id(), SimulatedCard.WORKS);
        }

        UUID of(Set<Fault> faults) {
            if (faults.contains(Fault.CARD_IS_ANOTHERS)) {
                return another;
            }
            return faults.contains(Fault.CARD_WAITS_FOR_ITS_CODE) ? waits : works;
        }
    }

    private static ValidatableResponse payOut(
            TestPerson anna, TestPerson onTelegram, Cards cards, Set<Fault> faults) {
        var isChannelClosed = faults.contains(Fault.CHANNEL_IS_CLOSED);
        Desk.become(
                anna.id(),
                faults.contains(Fault.CUSTOMER_IS_FROZEN),
                faults.contains(Fault.LIVES_WHERE_NOBODY_IS_SERVED)
                        ? "JP"
                        : isChannelClosed ? "RU" : "US",
                faults.contains(Fault.IS_A_CHILD));
        var isChargedOnly = faults.contains(Fault.CARD_IS_CHARGED_ONLY);
        Sql.run(
                """
                update card set payout_reference = case when not ? then reference end,
                                payout_refusal = case when ? then 'terms_not_accepted' end
                 where customer = ? and state = 'ACTIVE'
                """,
                isChargedOnly,
                isChargedOnly,
                anna.id());
        Sql.run(
                "update limit_counter set minor = ? where customer = ? and operation = 'PAY_OUT'",
                faults.contains(Fault.LIMIT_IS_USED_UP) ? 60_000_00L : 1L,
                anna.id());
        Sql.run(
                "update pin set payouts_held_until = cast(? as timestamptz) where customer = ?",
                faults.contains(Fault.PIN_WAS_RESET) ? "2100-01-01 00:00:00Z" : null,
                anna.id());
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
                                        TestPerson.money(minor(faults), currency),
                                        "speed",
                                        faults.contains(Fault.SPEED_UNKNOWN) ? "soon" : "instant"));
        if (!faults.contains(Fault.KEY_MISSING)) {
            var key = faults.contains(Fault.KEY_USED) ? "used" : "k-" + faults.size();
            request.header(
                    "Idempotency-Key", faults.contains(Fault.KEY_INVALID) ? "x".repeat(256) : key);
        }
        return request.post("/v1/payouts").then();
    }

    private static long minor(Set<Fault> faults) {
        if (faults.contains(Fault.AMOUNT_NEGATIVE)) {
            return -1;
        }
        if (faults.contains(Fault.AMOUNT_ABOVE_THE_BOUND)) {
            return 1_000_000_00L;
        }
        if (faults.contains(Fault.AMOUNT_BELOW_THE_FEE)) {
            return 25;
        }
        // The fee is what is missing.
        return faults.contains(Fault.FUNDS_ARE_NOT_THERE) ? 19_99 : 10_00;
    }
}
