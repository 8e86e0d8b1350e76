package kvit.operate;

import static kvit.operate.OperateProblem.OPERATOR_STATE;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Changes what an operator may do, or gives one a new beginning. Sessions are looked up at each
 * request, roles with them, so it holds at once on every replica.
 */
@ApplicationScoped
class ChangeOperator implements FourEyes<ChangeOperator.Change> {

    /** What becomes of them. */
    enum Kind {
        @JsonProperty("roles")
        ROLES,
        /** Back to work. */
        @JsonProperty("enable")
        ENABLE,
        /** New password and new authenticator, by an invitation that two hand over. */
        @JsonProperty("reset")
        RESET
    }

    /**
     * @param roles of the kind of that name, null otherwise
     * @param askedBy who asks for it
     */
    record Change(UUID operator, Kind kind, @Nullable List<String> roles, UUID askedBy) {}

    private final Operators operators;
    private final OperatorSessions sessions;
    private final Colleagues colleagues;
    private final AtWork atWork;
    private final OperateConfig config;
    private final Clock clock;

    ChangeOperator(
            Operators operators,
            OperatorSessions sessions,
            Colleagues colleagues,
            AtWork atWork,
            OperateConfig config,
            Clock clock) {
        this.operators = operators;
        this.sessions = sessions;
        this.colleagues = colleagues;
        this.atWork = atWork;
        this.config = config;
        this.clock = clock;
    }

    /**
     * What is asked for, and whether it can be: whoever asks hears it first.
     *
     * @throws Problem VALIDATION_FAILED, OPERATOR_NOT_FOUND, OPERATOR_SELF,
     *     OPERATOR_FROM_ELSEWHERE, OPERATOR_STATE, OPERATOR_LAST_ADMIN
     */
    Change of(UUID operator, Kind kind, @Nullable List<String> roles) {
        var change =
                new Change(
                        operator,
                        kind,
                        roles == null ? null : Colleagues.roles(roles),
                        atWork.id());
        QuarkusTransaction.requiringNew().run(() -> locked(change));
        return change;
    }

    private Operator locked(Change change) {
        var isLess = isLess(change);
        lockAdmins(change);
        var operator = colleagues.lock(change.operator());
        colleagues.requireAnother(operator.id);
        if (change.kind() != Kind.ENABLE) {
            Colleagues.requireOurs(operator);
        }
        requireState(operator, change.kind());
        if (isLess) {
            colleagues.requireAnotherAdmin(operator.id);
        }
        return operator;
    }

    private static boolean isLess(Change change) {
        return change.kind() == Kind.RESET
                || (change.roles() != null && !change.roles().contains(Role.ADMIN));
    }

    /** Before any other row is locked, or two who change two admins wait for each other. */
    private void lockAdmins(Change change) {
        if (isLess(change)) {
            operators.lockHolders(Role.ADMIN);
        }
    }

    private static void requireState(Operator operator, Kind kind) {
        var isDisabled = operator.state == Operator.State.DISABLED;
        if (isDisabled != (kind == Kind.ENABLE)) {
            throw OPERATOR_STATE.because(
                    isDisabled ? "Enable the operator first." : "Nobody has disabled them.");
        }
    }

    @Override
    public String action() {
        return "operators.change";
    }

    @Override
    public Class<Change> payload() {
        return Change.class;
    }

    @Override
    public String resource(Change change) {
        return change.operator().toString();
    }

    /** With the version of the second factor: who has begun anew is not who was meant. */
    @Override
    public String basis(Change change) {
        lockAdmins(change);
        var operator = colleagues.lock(change.operator());
        return operator.state + " " + List.of(operator.roles) + " " + operator.totpVersion;
    }

    @Override
    public Object state(Change change) {
        return colleagues.lock(change.operator()).view();
    }

    @Override
    public void carryOut(Change change, Agreed agreed) {
        var operator = locked(change);
        switch (change.kind()) {
            case ROLES -> operator.roles = roles(change).toArray(String[]::new);
            case ENABLE -> {
                if (operator.hasWayIn()) {
                    operator.enable();
                } else {
                    invite(operator, change);
                }
            }
            case RESET -> invite(operator, change);
        }
        operators.flush();
    }

    private void invite(Operator operator, Change change) {
        operator.invite(
                change.askedBy(), atWork.id(), clock.instant().plus(config.invitationLife()));
        sessions.endAll(operator.id);
    }

    private static List<String> roles(Change change) {
        if (change.roles() == null) {
            throw GeneralProblem.invalid("/roles", "is missing");
        }
        return change.roles();
    }
}
