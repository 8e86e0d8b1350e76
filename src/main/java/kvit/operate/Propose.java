package kvit.operate;

import static kvit.operate.OperateProblem.APPROVAL_PENDING;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.source.Sha256;

/** Writes down what an operator asks for, to wait for another one. */
@ApplicationScoped
public class Propose {

    private final Approvals approvals;
    private final AtWork atWork;
    private final AuditTrail audit;
    private final OperateConfig config;
    private final ObjectMapper json;
    private final Clock clock;
    private final Ids ids;

    Propose(
            Approvals approvals,
            AtWork atWork,
            AuditTrail audit,
            OperateConfig config,
            ObjectMapper json,
            Clock clock,
            Ids ids) {
        this.approvals = approvals;
        this.atWork = atWork;
        this.audit = audit;
        this.config = config;
        this.json = json;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * In the name of the operator whose request this is.
     *
     * @param payload checked before: whoever approves it should not be the first to find a mistake
     * @param reason why, for whoever decides and for whoever asks years later
     * @throws Problem APPROVAL_PENDING with the id of the request that waits already
     */
    public <P> ApprovalView propose(FourEyes<P> change, P payload, String reason) {
        var id = Races.transaction(() -> proposed(change, payload, reason));
        return approvals.view(id);
    }

    private <P> UUID proposed(FourEyes<P> change, P payload, String reason) {
        var now = clock.instant();
        var resource = change.resource(payload);
        approvals.lockOpen(change.action(), resource).ifPresent(it -> requireOver(it, now));
        var approval = new Approval();
        approval.id = ids.next();
        approval.action = change.action();
        approval.resource = resource;
        approval.payload = write(payload);
        approval.payloadDigest = Sha256.of(approval.payload);
        approval.basis = change.basis(payload);
        approval.reason = reason;
        approval.proposedBy = atWork.id();
        approval.proposedAs = atWork.actor().roles().toArray(String[]::new);
        approval.proposedAt = now;
        approval.expiresAt = now.plus(config.approvalLife());
        approval.state = Approval.State.OPEN;
        approvals.persistAndFlush(approval);
        audit.tell(
                atWork.actor(),
                approval.deed(AuditStep.PROPOSED, reason, null, Approval.shown(approval, payload)));
        return approval.id;
    }

    private void requireOver(Approval open, Instant now) {
        if (open.stateAt(now) == Approval.State.OPEN) {
            throw APPROVAL_PENDING
                    .because("Decide the one that waits first.")
                    .with("approvalId", open.id);
        }
        open.settle(Approval.State.EXPIRED, null, now, null);
        approvals.flush();
        audit.tell(
                atWork.actor(),
                open.deed(AuditStep.EXPIRED, "Nobody decided in time.", null, null));
    }

    private String write(Object payload) {
        try {
            return json.writeValueAsString(payload);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a payload is a plain record", e);
        }
    }
}
