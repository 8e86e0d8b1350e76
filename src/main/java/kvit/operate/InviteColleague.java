package kvit.operate;

import static kvit.operate.OperateProblem.OPERATOR_KNOWN;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Names somebody an operator, which takes two: whoever invites alone could take the invitation up,
 * and would be two people from then on. So each of the two has one half of it to hand over, see
 * {@link DrawInvitation}.
 */
@ApplicationScoped
class InviteColleague implements FourEyes<InviteColleague.Invitation> {

    /**
     * Whom, and as what.
     *
     * @param invitedBy who asks for it
     */
    record Invitation(String email, String name, List<String> roles, UUID invitedBy) {}

    private final Operators operators;
    private final AtWork atWork;
    private final OperateConfig config;
    private final Clock clock;
    private final Ids ids;

    InviteColleague(
            Operators operators, AtWork atWork, OperateConfig config, Clock clock, Ids ids) {
        this.operators = operators;
        this.atWork = atWork;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What is asked for.
     *
     * @throws Problem VALIDATION_FAILED, OPERATOR_KNOWN
     */
    Invitation of(String email, String name, List<String> roles) {
        var canonical = Operators.canonical(email);
        if (!Colleagues.isEmail(canonical)) {
            throw GeneralProblem.invalid("/email", "is not an e-mail address");
        }
        var invitation =
                new Invitation(canonical, name.strip(), Colleagues.roles(roles), atWork.id());
        if (QuarkusTransaction.requiringNew().call(() -> isKnown(invitation))) {
            throw OPERATOR_KNOWN.because("Enable, reset or change who is there already.");
        }
        return invitation;
    }

    @Override
    public String action() {
        return "operators.invite";
    }

    @Override
    public Class<Invitation> payload() {
        return Invitation.class;
    }

    @Override
    public String resource(Invitation invitation) {
        return invitation.email();
    }

    @Override
    public String basis(Invitation invitation) {
        return isKnown(invitation) ? "known" : "unknown";
    }

    private boolean isKnown(Invitation invitation) {
        return operators.lockByEmail(invitation.email()).isPresent();
    }

    @Override
    public @Nullable Object state(Invitation invitation) {
        return operators.lockByEmail(invitation.email()).map(Operator::view).orElse(null);
    }

    @Override
    public void carryOut(Invitation invitation, Agreed agreed) {
        var now = clock.instant();
        var operator = new Operator();
        operator.id = ids.next();
        operator.email = invitation.email();
        operator.name = invitation.name();
        operator.roles = invitation.roles().toArray(String[]::new);
        operator.createdAt = now;
        operator.invite(invitation.invitedBy(), atWork.id(), now.plus(config.invitationLife()));
        operators.persist(operator);
        operators.flush();
    }
}
