package kvit.operate;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.problem.Problem;

/** Sends somebody away, without a second person, because it stops harm. */
@ApplicationScoped
class DisableOperator {

    private final Operators operators;
    private final OperatorSessions sessions;
    private final Colleagues colleagues;
    private final AuditTrail audit;

    DisableOperator(
            Operators operators,
            OperatorSessions sessions,
            Colleagues colleagues,
            AuditTrail audit) {
        this.operators = operators;
        this.sessions = sessions;
        this.colleagues = colleagues;
        this.audit = audit;
    }

    /**
     * At once, on every replica. Who is disabled already stays so.
     *
     * @throws Problem OPERATOR_SELF, OPERATOR_NOT_FOUND, OPERATOR_LAST_ADMIN
     */
    OperatorView disable(UUID id, String reason) {
        colleagues.requireAnother(id);
        return audit.recording(
                "operators.disable",
                id.toString(),
                reason,
                () -> {
                    colleagues.requireAnotherAdmin(id);
                    return colleagues.lock(id).view();
                },
                () -> {
                    var operator = colleagues.lock(id);
                    operator.disable();
                    operators.flush();
                    sessions.endAll(id);
                    return operator.view();
                });
    }
}
