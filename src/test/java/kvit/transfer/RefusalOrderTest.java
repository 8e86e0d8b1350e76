package kvit.transfer;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.idempotency.KeyProblem;
import kvit.identity.PersonProblem;
import kvit.ledger.LedgerProblem;
import kvit.operate.Role;
import kvit.problem.GeneralProblem;
import kvit.problem.ProblemType;
import kvit.rules.RulesProblem;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import kvit.support.WaitingRules;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Of several faults in one request the first in the order of problems is answered: each row of the
 * tables repairs one fault of the row above, until there is none.
 */
@KvitTest
class RefusalOrderTest {

    private enum SendFault {
        KEY_MISSING(KeyProblem.IDEMPOTENCY_KEY_MISSING),
        KEY_INVALID(KeyProblem.IDEMPOTENCY_KEY_INVALID),
        AMOUNT_NEGATIVE(GeneralProblem.VALIDATION_FAILED),
        KEY_USED(KeyProblem.IDEMPOTENCY_KEY_REUSED),
        PAYEE_IS_PAYER(TransferProblem.PAYER_IS_PAYEE),
        PAYEE_IS_NOBODY(TransferProblem.PAYEE_NOT_FOUND),
        PAYER_FROZEN(PersonProblem.CUSTOMER_FROZEN),
        PAYEE_FROZEN(PersonProblem.CUSTOMER_FROZEN),
        PAYER_LIVES_WHERE_NOBODY_IS_SERVED(RulesProblem.COUNTRY_NOT_SERVED),
        CHANNEL_IS_CLOSED(RulesProblem.CHANNEL_NOT_ALLOWED),
        PAYEE_LIVES_ABROAD(RulesProblem.CORRIDOR_NOT_ALLOWED),
        CURRENCY_IS_ANOTHER(RulesProblem.CURRENCY_NOT_ALLOWED),
        PAYER_IS_A_CHILD(RulesProblem.AGE_NOT_ALLOWED),
        AMOUNT_ABOVE_THE_BOUND(RulesProblem.AMOUNT_OUT_OF_RANGE),
        LIMIT_USED_UP(RulesProblem.LIMIT_EXCEEDED),
        AMOUNT_TOO_HIGH(LedgerProblem.INSUFFICIENT_FUNDS);

        final ProblemType answer;

        SendFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    private enum RefundFault {
        KEY_MISSING(KeyProblem.IDEMPOTENCY_KEY_MISSING),
        KEY_INVALID(KeyProblem.IDEMPOTENCY_KEY_INVALID),
        AMOUNT_NEGATIVE(GeneralProblem.VALIDATION_FAILED),
        CALLER_IS_A_STRANGER(TransferProblem.TRANSFER_NOT_FOUND),
        CALLER_IS_THE_PAYER(TransferProblem.NOT_THE_PAYEE),
        CURRENCY_IS_ANOTHER(GeneralProblem.VALIDATION_FAILED),
        KEY_USED(KeyProblem.IDEMPOTENCY_KEY_REUSED),
        PAYER_FROZEN(PersonProblem.CUSTOMER_FROZEN),
        IS_A_REFUND_ITSELF(TransferProblem.TRANSFER_NOT_REFUNDABLE),
        AMOUNT_TOO_HIGH(TransferProblem.REFUND_EXCEEDS_TRANSFER),
        MONEY_IS_SPENT(LedgerProblem.INSUFFICIENT_FUNDS);

        final ProblemType answer;

        RefundFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    /** Those of the codes belong to another capability, so all are named by their codes. */
    private enum ConfirmationFault {
        CODE_MALFORMED(400, "validation-failed"),
        CALLER_IS_A_STRANGER(404, "transfer-not-found"),
        CALLER_IS_THE_PAYEE(403, "not-the-payer"),
        NEEDS_NO_CODE(422, "transfer-not-confirmable"),
        IS_TOO_LATE(422, "confirmation-expired"),
        TRIES_USED_UP(429, "too-many-attempts"),
        CODE_IS_WRONG(422, "code-wrong"),
        PAYEE_FROZEN(422, "customer-frozen"),
        LIMIT_USED_UP(422, "limit-exceeded");

        final int status;
        final String code;

        ConfirmationFault(int status, String code) {
            this.status = status;
            this.code = code;
        }
    }

    private enum CancellationFault {
        KEY_MISSING(KeyProblem.IDEMPOTENCY_KEY_MISSING),
        KEY_INVALID(KeyProblem.IDEMPOTENCY_KEY_INVALID),
        CALLER_IS_A_STRANGER(TransferProblem.TRANSFER_NOT_FOUND),
        CALLER_IS_THE_PAYEE(TransferProblem.NOT_THE_PAYER),
        KEY_USED(KeyProblem.IDEMPOTENCY_KEY_REUSED),
        IS_COMPLETED(TransferProblem.TRANSFER_NOT_CANCELLABLE);

        final ProblemType answer;

        CancellationFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    private enum ReversalFault {
        REASON_MISSING(GeneralProblem.VALIDATION_FAILED),
        TRANSFER_IS_NONE(TransferProblem.TRANSFER_NOT_FOUND),
        IS_GIVEN_BACK(TransferProblem.TRANSFER_NOT_REVERSIBLE),
        PAYEE_IS_UNDER_A_SANCTION(RulesProblem.COUNTRY_NOT_SERVED),
        MONEY_IS_SPENT(LedgerProblem.INSUFFICIENT_FUNDS);

        final ProblemType answer;

        ReversalFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    @Inject Waiting waiting;

    TestPerson anna;
    TestPerson onTelegram;
    TestPerson boris;
    TestPerson vera;

    @BeforeEach
    void threePeople() {
        anna = TestPerson.with(10_00, "USD");
        onTelegram = TestPerson.signIn(anna.phone(), "telegram");
        boris = TestPerson.with(5_00, "USD");
        vera = TestPerson.with(5_00, "USD");
    }

    @Test
    void refusesATransferForTheFirstFaultInTheOrderOfProblems() {
        anna.send(vera, 1, "USD", "used").statusCode(201);
        for (var repaired = 0; repaired < SendFault.values().length; repaired++) {
            var faults = EnumSet.range(SendFault.values()[repaired], SendFault.AMOUNT_TOO_HIGH);
            var first = SendFault.values()[repaired];
            send(faults)
                    .statusCode(first.answer.status())
                    .body("code", Matchers.equalTo(first.answer.code()));
        }
        send(Set.of()).statusCode(201);
    }

    private ValidatableResponse send(Set<SendFault> faults) {
        freeze(anna, faults.contains(SendFault.PAYER_FROZEN));
        freeze(boris, faults.contains(SendFault.PAYEE_FROZEN));
        var isChannelClosed = faults.contains(SendFault.CHANNEL_IS_CLOSED);
        Sql.run(
                "update customer set country = ?, birth_date = cast(? as date) where id = ?",
                faults.contains(SendFault.PAYER_LIVES_WHERE_NOBODY_IS_SERVED)
                        ? "JP"
                        : isChannelClosed ? "RU" : "US",
                faults.contains(SendFault.PAYER_IS_A_CHILD) ? "2020-01-01" : "1990-01-01",
                anna.id());
        Sql.run(
                "update customer set country = ? where id = ?",
                faults.contains(SendFault.PAYEE_LIVES_ABROAD) ? "FR" : "US",
                boris.id());
        Sql.run(
                "update limit_counter set minor = ? where customer = ? and operation = 'SEND'",
                faults.contains(SendFault.LIMIT_USED_UP) ? 60_000_00L : 1L,
                anna.id());
        var payee =
                faults.contains(SendFault.PAYEE_IS_PAYER)
                        ? anna.id()
                        : faults.contains(SendFault.PAYEE_IS_NOBODY)
                                ? UUID.randomUUID()
                                : boris.id();
        var minor =
                faults.contains(SendFault.AMOUNT_NEGATIVE)
                        ? -1
                        : faults.contains(SendFault.AMOUNT_ABOVE_THE_BOUND)
                                ? 10_000_01
                                : faults.contains(SendFault.AMOUNT_TOO_HIGH) ? 10_00 : 9_99;
        var currency = faults.contains(SendFault.CURRENCY_IS_ANOTHER) ? "EUR" : "USD";
        return post(
                isChannelClosed ? onTelegram : anna,
                "/v1/transfers",
                key(
                        faults.contains(SendFault.KEY_MISSING),
                        faults.contains(SendFault.KEY_INVALID),
                        faults.contains(SendFault.KEY_USED)),
                Map.of("payee", Map.of("customerId", payee), "amount", money(minor, currency)));
    }

    @Test
    void refusesARefundForTheFirstFaultInTheOrderOfProblems() {
        for (var repaired = 0; repaired < RefundFault.values().length; repaired++) {
            var faults = EnumSet.range(RefundFault.values()[repaired], RefundFault.MONEY_IS_SPENT);
            var first = RefundFault.values()[repaired];
            refund(faults)
                    .statusCode(first.answer.status())
                    .body("code", Matchers.equalTo(first.answer.code()));
        }
        refund(Set.of()).statusCode(201);
    }

    /** With two people of its own: freezing and spending would be in the way of the next row. */
    private ValidatableResponse refund(Set<RefundFault> faults) {
        var payer = TestPerson.with(10_00, "USD");
        var payee = TestPerson.with(1, "USD");
        for (var person : List.of(payer, payee, vera)) {
            person.fund(1, "USD");
            person.send(anna, 1, "USD", "used").statusCode(201);
        }
        var transfer = id(payer.send(payee, 10_00, "USD", "first"));
        if (faults.contains(RefundFault.IS_A_REFUND_ITSELF)) {
            transfer = id(payee.refund(transfer, 10_00, "USD", "second"));
            var swapped = payer;
            payer = payee;
            payee = swapped;
        }
        if (faults.contains(RefundFault.MONEY_IS_SPENT)) {
            payee.send(vera, 10_00, "USD", "spent").statusCode(201);
        }
        freeze(payer, faults.contains(RefundFault.PAYER_FROZEN));
        var caller =
                faults.contains(RefundFault.CALLER_IS_A_STRANGER)
                        ? vera
                        : faults.contains(RefundFault.CALLER_IS_THE_PAYER) ? payer : payee;
        var minor =
                faults.contains(RefundFault.AMOUNT_NEGATIVE)
                        ? -1
                        : faults.contains(RefundFault.AMOUNT_TOO_HIGH) ? 10_01 : 10_00;
        var currency = faults.contains(RefundFault.CURRENCY_IS_ANOTHER) ? "EUR" : "USD";
        return post(
                caller,
                "/v1/transfers/" + transfer + "/refunds",
                key(
                        faults.contains(RefundFault.KEY_MISSING),
                        faults.contains(RefundFault.KEY_INVALID),
                        faults.contains(RefundFault.KEY_USED)),
                Map.of("amount", money(minor, currency)));
    }

    @Test
    void refusesAConfirmationForTheFirstFaultInTheOrderOfProblems() {
        waiting.awaitRules();
        for (var first : ConfirmationFault.values()) {
            confirm(EnumSet.range(first, ConfirmationFault.LIMIT_USED_UP))
                    .statusCode(first.status)
                    .body("code", Matchers.equalTo(first.code));
        }
        confirm(Set.of()).statusCode(200);
    }

    /** With two people of its own: what is confirmed is over. */
    private ValidatableResponse confirm(Set<ConfirmationFault> faults) {
        var payer = waiting.person(WaitingRules.CONFIRMING, 1_000_00);
        var payee = waiting.person(WaitingRules.CONFIRMING, 0);
        var needsNone = faults.contains(ConfirmationFault.NEEDS_NO_CODE);
        var transfer = id(payer.send(payee, needsNone ? 1 : 20_00, "EUR", "k"));
        var code = needsNone ? "000000" : Waiting.codeOf(payer.phone());
        if (faults.contains(ConfirmationFault.IS_TOO_LATE) && !needsNone) {
            Sql.run(
                    "update transfer set expires_at = created_at where id = ?",
                    UUID.fromString(transfer));
        }
        if (faults.contains(ConfirmationFault.TRIES_USED_UP)) {
            Sql.run("update confirmation set tries = 5 where id = ?", UUID.fromString(transfer));
        }
        if (faults.contains(ConfirmationFault.LIMIT_USED_UP)) {
            payer.send(payee, 1, "EUR", "small").statusCode(201);
            Sql.run("update limit_counter set minor = 150000 where customer = ?", payer.id());
        }
        freeze(payee, faults.contains(ConfirmationFault.PAYEE_FROZEN));
        if (faults.contains(ConfirmationFault.CODE_IS_WRONG)) {
            code = code.equals("000000") ? "000001" : "000000";
        }
        var caller =
                faults.contains(ConfirmationFault.CALLER_IS_A_STRANGER)
                        ? vera
                        : faults.contains(ConfirmationFault.CALLER_IS_THE_PAYEE) ? payee : payer;
        return post(
                caller,
                "/v1/transfers/" + transfer + "/confirmation",
                null,
                Map.of("code", faults.contains(ConfirmationFault.CODE_MALFORMED) ? "12345" : code));
    }

    @Test
    void refusesACancellationForTheFirstFaultInTheOrderOfProblems() {
        waiting.awaitRules();
        for (var first : CancellationFault.values()) {
            cancel(EnumSet.range(first, CancellationFault.IS_COMPLETED))
                    .statusCode(first.answer.status())
                    .body("code", Matchers.equalTo(first.answer.code()));
        }
        cancel(Set.of()).statusCode(200);
    }

    private ValidatableResponse cancel(Set<CancellationFault> faults) {
        var payer = waiting.person(WaitingRules.REVIEWING, 100_00);
        var payee = waiting.person(WaitingRules.REVIEWING, 1);
        for (var person : List.of(payer, payee)) {
            person.send(person.equals(payer) ? payee : payer, 1, "EUR", "used").statusCode(201);
        }
        var isCompleted = faults.contains(CancellationFault.IS_COMPLETED);
        var transfer = id(payer.send(payee, isCompleted ? 1 : 20_00, "EUR", "k"));
        var caller =
                faults.contains(CancellationFault.CALLER_IS_A_STRANGER)
                        ? vera
                        : faults.contains(CancellationFault.CALLER_IS_THE_PAYEE) ? payee : payer;
        return post(
                caller,
                "/v1/transfers/" + transfer + "/cancellation",
                key(
                        faults.contains(CancellationFault.KEY_MISSING),
                        faults.contains(CancellationFault.KEY_INVALID),
                        faults.contains(CancellationFault.KEY_USED)),
                Map.of());
    }

    @Test
    void refusesAReversalForTheFirstFaultInTheOrderOfProblems() {
        var finance = TestOperator.with(Role.FINANCE);
        for (var first : ReversalFault.values()) {
            reverse(finance, EnumSet.range(first, ReversalFault.MONEY_IS_SPENT))
                    .statusCode(first.answer.status())
                    .body("code", Matchers.equalTo(first.answer.code()));
        }
        reverse(finance, Set.of()).statusCode(202);
    }

    private ValidatableResponse reverse(TestOperator finance, Set<ReversalFault> faults) {
        var payee = TestPerson.fresh();
        anna.fund(1_00, "USD");
        var transfer = id(anna.send(payee, 1_00, "USD", UUID.randomUUID().toString()));
        if (faults.contains(ReversalFault.IS_GIVEN_BACK)) {
            payee.refund(transfer, 1_00, "USD", "back").statusCode(201);
        } else if (faults.contains(ReversalFault.MONEY_IS_SPENT)) {
            payee.send(vera, 1, "USD", "spent").statusCode(201);
        }
        if (faults.contains(ReversalFault.PAYEE_IS_UNDER_A_SANCTION)) {
            Sql.run("update customer set country = 'IR' where id = ?", payee.id());
        }
        var reason = faults.contains(ReversalFault.REASON_MISSING) ? "" : "The payer was deceived.";
        return finance.post(
                "/v1/admin/transfers/"
                        + (faults.contains(ReversalFault.TRANSFER_IS_NONE)
                                ? UUID.randomUUID()
                                : transfer)
                        + "/reversal",
                Map.of("reason", reason));
    }

    /** Asked by nobody over HTTP, or never an answer, or the one refusal of its operation. */
    private static final Set<TransferProblem> WITHOUT_ROW =
            EnumSet.of(
                    TransferProblem.TRANSFER_NOT_REVIEWABLE,
                    TransferProblem.TRANSFER_GONE_BACK,
                    TransferProblem.REVIEW_REJECTED,
                    TransferProblem.CHARGE_CONTESTED);

    @Test
    void hasARowForEachProblemInItsOrder() {
        var send = Arrays.stream(SendFault.values()).map(it -> it.answer).toList();
        var refund = Arrays.stream(RefundFault.values()).map(it -> it.answer).toList();
        var cancel = Arrays.stream(CancellationFault.values()).map(it -> it.answer).toList();
        var byCode = new HashMap<String, ProblemType>();
        EnumSet.allOf(TransferProblem.class).forEach(it -> byCode.put(it.code(), it));
        var confirm =
                Arrays.stream(ConfirmationFault.values())
                        .map(it -> byCode.get(it.code))
                        .filter(it -> it != null)
                        .toList();
        var rows = new HashSet<ProblemType>(WITHOUT_ROW);
        var reverse = Arrays.stream(ReversalFault.values()).map(it -> it.answer).toList();
        for (var table : List.of(send, refund, cancel, confirm, reverse)) {
            assertInOrder(table);
            rows.addAll(table);
        }
        assertThat(rows).containsAll(EnumSet.allOf(TransferProblem.class));
    }

    private static void assertInOrder(List<ProblemType> rows) {
        assertThat(
                        rows.stream()
                                .filter(TransferProblem.class::isInstance)
                                .map(TransferProblem.class::cast))
                .isSorted();
    }

    private static String key(boolean missing, boolean invalid, boolean used) {
        return missing ? null : invalid ? "\"open" : used ? "used" : UUID.randomUUID().toString();
    }

    private static ValidatableResponse post(
            TestPerson person, String path, String key, Object body) {
        var request = person.request().contentType(ContentType.JSON).body(body);
        return (key == null ? request : request.header("Idempotency-Key", key)).post(path).then();
    }

    private static void freeze(TestPerson person, boolean isFrozen) {
        Sql.run(
                "update customer set state = ? where id = ?",
                isFrozen ? "FROZEN" : "ACTIVE",
                person.id());
    }

    private static String id(ValidatableResponse created) {
        return created.statusCode(201).extract().path("id");
    }
}
