package kvit.operate;

import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.problem.GeneralProblem;
import kvit.problem.ProblemType;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Of several faults in one request of operators about each other the first in the order of problems
 * is answered: each row repairs one fault of the row above, until there is none.
 */
@KvitTest
class OperatorRefusalOrderTest {

    private enum InvitationFault {
        CALLER_IS_NO_ADMIN(GeneralProblem.FORBIDDEN),
        REASON_MISSING(GeneralProblem.VALIDATION_FAILED),
        ROLES_ARE_NONE(GeneralProblem.VALIDATION_FAILED),
        ADDRESS_IS_KNOWN(OperateProblem.OPERATOR_KNOWN),
        IS_ASKED_FOR(OperateProblem.APPROVAL_PENDING);

        final ProblemType answer;

        InvitationFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    private enum ChangeFault {
        CALLER_IS_NO_ADMIN(GeneralProblem.FORBIDDEN),
        REASON_MISSING(GeneralProblem.VALIDATION_FAILED),
        ROLES_ARE_NONE(GeneralProblem.VALIDATION_FAILED),
        OPERATOR_IS_NOBODY(OperateProblem.OPERATOR_NOT_FOUND),
        OPERATOR_IS_ONESELF(OperateProblem.OPERATOR_SELF),
        COMES_FROM_ELSEWHERE(OperateProblem.OPERATOR_FROM_ELSEWHERE),
        IS_DISABLED(OperateProblem.OPERATOR_STATE),
        IS_ASKED_FOR(OperateProblem.APPROVAL_PENDING);

        final ProblemType answer;

        ChangeFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    private enum ApprovalFault {
        CALLER_IS_NO_APPROVER(GeneralProblem.FORBIDDEN),
        REQUEST_IS_NONE(OperateProblem.APPROVAL_NOT_FOUND),
        CALLER_IS_THE_MAKER(OperateProblem.APPROVAL_BY_MAKER),
        IS_REJECTED(OperateProblem.APPROVAL_SETTLED),
        IS_TOO_OLD(OperateProblem.APPROVAL_EXPIRED),
        MAKER_WAS_SENT_AWAY(OperateProblem.APPROVAL_STALE),
        ADDRESS_IS_KNOWN_BY_NOW(OperateProblem.APPROVAL_STALE);

        final ProblemType answer;

        ApprovalFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    private TestOperator admin;
    private TestOperator approver;

    @BeforeEach
    void signIn() {
        admin = TestOperator.with(Role.ADMIN, Role.APPROVER);
        approver = TestOperator.with(Role.APPROVER);
    }

    private static void assertRefused(ValidatableResponse answer, ProblemType problem) {
        answer.statusCode(problem.status()).body("code", equalTo(problem.code()));
    }

    private static UUID id(String email) {
        return Sql.value("select id from operator where email = ?", email);
    }

    private static String email() {
        return "order-" + UUID.randomUUID() + "@kvit.example";
    }

    @Test
    void refusesAnInvitationForTheFirstFaultInTheOrderOfProblems() {
        for (var first : InvitationFault.values()) {
            assertRefused(invite(EnumSet.range(first, InvitationFault.IS_ASKED_FOR)), first.answer);
        }
        invite(Set.of()).statusCode(202);
    }

    private ValidatableResponse invite(Set<InvitationFault> faults) {
        var email = email();
        if (faults.contains(InvitationFault.IS_ASKED_FOR)) {
            Invited.asked(admin, email, Role.SUPPORT).statusCode(202);
        }
        if (faults.contains(InvitationFault.ADDRESS_IS_KNOWN)) {
            Sql.run("update operator set email = ? where id = ?", email, someone());
        }
        var body = new HashMap<String, Object>(Map.of("email", email, "name", "Ines"));
        body.put(
                "roles",
                List.of(faults.contains(InvitationFault.ROLES_ARE_NONE) ? "boss" : Role.SUPPORT));
        if (!faults.contains(InvitationFault.REASON_MISSING)) {
            body.put("reason", "New.");
        }
        var caller = faults.contains(InvitationFault.CALLER_IS_NO_ADMIN) ? approver : admin;
        return caller.post("/v1/admin/operators", body);
    }

    private static UUID someone() {
        return id(TestOperator.seeded(Role.SUPPORT));
    }

    @Test
    void refusesAChangeForTheFirstFaultInTheOrderOfProblems() {
        for (var first : ChangeFault.values()) {
            assertRefused(change(EnumSet.range(first, ChangeFault.IS_ASKED_FOR)), first.answer);
        }
        change(Set.of()).statusCode(202);
    }

    private ValidatableResponse change(Set<ChangeFault> faults) {
        var operator = someone();
        if (faults.contains(ChangeFault.IS_ASKED_FOR)) {
            admin.post(
                            "/v1/admin/operators/" + operator + "/roles",
                            Map.of("roles", List.of(Role.FINANCE), "reason", "r"))
                    .statusCode(202);
        }
        if (faults.contains(ChangeFault.IS_DISABLED)) {
            Sql.run("update operator set state = 'DISABLED' where id = ?", operator);
        }
        if (faults.contains(ChangeFault.COMES_FROM_ELSEWHERE)) {
            Sql.run(
                    """
                    update operator
                       set issuer = 'https://issuer.example', subject = id::text, password_hash = null
                     where id = ?
                    """,
                    operator);
        }
        var whom =
                faults.contains(ChangeFault.OPERATOR_IS_NOBODY)
                        ? UUID.randomUUID()
                        : faults.contains(ChangeFault.OPERATOR_IS_ONESELF)
                                ? id(admin.email())
                                : operator;
        var body = new HashMap<String, Object>();
        body.put(
                "roles",
                List.of(faults.contains(ChangeFault.ROLES_ARE_NONE) ? "boss" : Role.FINANCE));
        if (!faults.contains(ChangeFault.REASON_MISSING)) {
            body.put("reason", "It fits.");
        }
        var caller = faults.contains(ChangeFault.CALLER_IS_NO_ADMIN) ? approver : admin;
        return caller.post("/v1/admin/operators/" + whom + "/roles", body);
    }

    @Test
    void refusesAnApprovalForTheFirstFaultInTheOrderOfProblems() {
        for (var first : ApprovalFault.values()) {
            signIn();
            assertRefused(
                    approve(EnumSet.range(first, ApprovalFault.ADDRESS_IS_KNOWN_BY_NOW)),
                    first.answer);
        }
        signIn();
        approve(Set.of()).statusCode(200);
    }

    private ValidatableResponse approve(Set<ApprovalFault> faults) {
        var email = email();
        var id = Invited.asked(admin, email, Role.SUPPORT).extract().<String>path("id");
        if (faults.contains(ApprovalFault.ADDRESS_IS_KNOWN_BY_NOW)) {
            Sql.run("update operator set email = ? where id = ?", email, someone());
        }
        if (faults.contains(ApprovalFault.IS_REJECTED)) {
            approver.post("/v1/admin/approvals/" + id + "/rejection", Map.of()).statusCode(200);
        }
        var caller = approver;
        if (faults.contains(ApprovalFault.IS_TOO_OLD)) {
            TestClock.advance(Duration.ofHours(24));
            // Sessions do not live for so long.
            caller = again(approver);
            admin = again(admin);
        }
        if (faults.contains(ApprovalFault.CALLER_IS_NO_APPROVER)) {
            caller = TestOperator.with(Role.ADMIN);
        } else if (faults.contains(ApprovalFault.CALLER_IS_THE_MAKER)
                && !faults.contains(ApprovalFault.REQUEST_IS_NONE)) {
            // Who was sent away cannot ask either.
            return admin.approve(id);
        }
        if (faults.contains(ApprovalFault.MAKER_WAS_SENT_AWAY)) {
            Sql.run("update operator set state = 'DISABLED' where email = ?", admin.email());
        }
        return caller.approve(
                faults.contains(ApprovalFault.REQUEST_IS_NONE) ? UUID.randomUUID().toString() : id);
    }

    private static TestOperator again(TestOperator operator) {
        return new TestOperator(
                operator.email(),
                TestOperator.signIn(operator.email(), TestOperator.PASSWORD, null)
                        .statusCode(200)
                        .extract()
                        .path("accessToken"));
    }
}
