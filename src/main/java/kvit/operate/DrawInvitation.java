package kvit.operate;

import static kvit.operate.OperateProblem.INVITATION_NOT_YOURS;
import static kvit.operate.OperateProblem.OPERATOR_STATE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Sha256;

/**
 * Gives whoever has asked for an invitation, and whoever has agreed to it, the half that is theirs
 * to hand over. Neither learns the other's, so neither can take the invitation up alone.
 */
@ApplicationScoped
class DrawInvitation {

    private final Colleagues colleagues;
    private final OpaqueTokens tokens;
    private final AuditTrail audit;
    private final AtWork atWork;
    private final Clock clock;

    DrawInvitation(
            Colleagues colleagues,
            OpaqueTokens tokens,
            AuditTrail audit,
            AtWork atWork,
            Clock clock) {
        this.colleagues = colleagues;
        this.tokens = tokens;
        this.audit = audit;
        this.atWork = atWork;
        this.clock = clock;
    }

    /** One half, which nobody can say again, and until when it can be taken up. */
    record Half(String half, Instant until) {}

    /**
     * A new one each time; the one before is void.
     *
     * @throws Problem OPERATOR_NOT_FOUND, OPERATOR_STATE, INVITATION_NOT_YOURS
     */
    Half draw(UUID id, String reason) {
        return audit.recording("operators.draw", id.toString(), reason, () -> drawn(id));
    }

    private Half drawn(UUID id) {
        var operator = colleagues.lock(id);
        if (!operator.isInvitedAt(clock.instant())) {
            throw OPERATOR_STATE.because("There is no invitation, or it is too old.");
        }
        var half = tokens.next(InviteOperator.PREFIX);
        if (!operator.draw(atWork.id(), Sha256.of(half))) {
            throw INVITATION_NOT_YOURS.because("It is for who asked for it and who agreed.");
        }
        return new Half(half, Objects.requireNonNull(operator.invitedUntil));
    }
}
