package kvit.operate;

import static kvit.operate.OperateProblem.APPROVAL_BY_MAKER;
import static kvit.operate.OperateProblem.APPROVAL_EXPIRED;
import static kvit.operate.OperateProblem.APPROVAL_NOT_FOUND;
import static kvit.operate.OperateProblem.APPROVAL_SETTLED;
import static kvit.operate.OperateProblem.APPROVAL_STALE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The second pair of eyes: carries out what somebody else has asked for, or refuses it. Exactly
 * once, however many decide at the same time: the row of the request is locked before it is read.
 */
@ApplicationScoped
class Decide {

    private final Approvals approvals;
    private final Operators operators;
    private final List<FourEyes<?>> changes;
    private final AtWork atWork;
    private final AuditTrail audit;
    private final ObjectMapper json;
    private final Clock clock;

    Decide(
            Approvals approvals,
            Operators operators,
            @All List<FourEyes<?>> changes,
            AtWork atWork,
            AuditTrail audit,
            ObjectMapper json,
            Clock clock) {
        this.approvals = approvals;
        this.operators = operators;
        this.changes = changes;
        this.atWork = atWork;
        this.audit = audit;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Carries it out.
     *
     * @throws Problem APPROVAL_NOT_FOUND, APPROVAL_BY_MAKER, APPROVAL_SETTLED, APPROVAL_EXPIRED,
     *     APPROVAL_STALE, or what the change itself refuses
     */
    ApprovalView approve(UUID id, @Nullable String note) {
        var refusal = Races.transaction(() -> approveInTransaction(id, note));
        // After the commit, because that it is stale is written down.
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return approvals.view(id);
    }

    private Optional<Problem> approveInTransaction(UUID id, @Nullable String note) {
        var approval = lock(id);
        if (isByMaker(approval)) {
            throw APPROVAL_BY_MAKER.because("You asked for it; somebody else decides.");
        }
        var now = clock.instant();
        requireOpen(approval, now);
        return carryOut(approval, note, now);
    }

    /**
     * Refuses it; whoever asked for it withdraws it so.
     *
     * @throws Problem APPROVAL_NOT_FOUND, FORBIDDEN, APPROVAL_SETTLED, APPROVAL_EXPIRED
     */
    ApprovalView reject(UUID id, @Nullable String note) {
        Races.transaction(() -> rejectInTransaction(id, note));
        return approvals.view(id);
    }

    private Approval rejectInTransaction(UUID id, @Nullable String note) {
        var approval = lock(id);
        var isMaker = isByMaker(approval);
        if (!isMaker && !atWork.has(Role.APPROVER)) {
            throw GeneralProblem.FORBIDDEN.because("Approvers reject what others ask for.");
        }
        var now = clock.instant();
        requireOpen(approval, now);
        approval.settle(
                isMaker ? Approval.State.WITHDRAWN : Approval.State.REJECTED,
                atWork.id(),
                now,
                note);
        audit.tell(
                atWork.actor(),
                approval.deed(
                        isMaker ? AuditStep.WITHDRAWN : AuditStep.REJECTED,
                        why(approval, note),
                        null,
                        null));
        return approval;
    }

    /**
     * By e-mail as well: while an issuer takes over from our own sign-in, one person is two
     * operators.
     */
    private boolean isByMaker(Approval approval) {
        return approval.proposedBy.equals(atWork.id())
                || operators.email(approval.proposedBy).equals(atWork.email());
    }

    private static String why(Approval approval, @Nullable String note) {
        return note == null || note.isBlank() ? approval.reason : note;
    }

    private Approval lock(UUID id) {
        return approvals.lock(id).orElseThrow(() -> APPROVAL_NOT_FOUND.because("No such request."));
    }

    private static void requireOpen(Approval approval, Instant now) {
        if (approval.state != Approval.State.OPEN) {
            throw APPROVAL_SETTLED.because(
                    "It is " + approval.state.name().toLowerCase(Locale.ROOT) + " since then.");
        }
        if (approval.stateAt(now) == Approval.State.EXPIRED) {
            throw APPROVAL_EXPIRED.because("It was open until " + approval.expiresAt + ".");
        }
    }

    private Optional<Problem> carryOut(Approval approval, @Nullable String note, Instant now) {
        var change =
                changes.stream()
                        .filter(it -> it.action().equals(approval.action))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalStateException("no action " + approval.action));
        return carryOut(change, approval, note, now);
    }

    /**
     * @param now when it was found to be in time, and so when it is decided: a moment later it may
     *     have expired, which the database refuses
     */
    private <P> Optional<Problem> carryOut(
            FourEyes<P> change, Approval approval, @Nullable String note, Instant now) {
        if (!isStillTrusted(approval)) {
            return stale(
                    approval, note, "Who asked for it may not do so any more; ask anew yourself.");
        }
        var payload = read(approval, change.payload());
        if (!change.basis(payload).equals(approval.basis)) {
            return stale(approval, note, approval.resource + " has changed since; ask anew.");
        }
        approval.settle(Approval.State.EXECUTED, atWork.id(), now, note);
        // First of all: who decides twice at once waits here, and finds it decided.
        approvals.flush();
        var before = change.state(payload);
        change.carryOut(
                payload,
                new FourEyes.Agreed(
                        operators.email(approval.proposedBy), atWork.email(), approval.reason));
        var after = change.state(payload);
        audit.tell(
                atWork.actor(),
                approval.deed(
                        AuditStep.EXECUTED,
                        why(approval, note),
                        before == null ? Map.of("basis", approval.basis) : before,
                        Approval.shown(approval, after == null ? payload : after)));
        return Optional.empty();
    }

    /**
     * Somebody who was sent away, or has lost a role, may have been somebody else when they asked:
     * what they left behind looks like all the rest, and is not carried out.
     */
    private boolean isStillTrusted(Approval approval) {
        var maker = operators.findById(approval.proposedBy);
        return maker.state == Operator.State.ACTIVE
                && List.of(maker.roles).containsAll(List.of(approval.proposedAs));
    }

    private Optional<Problem> stale(Approval approval, @Nullable String note, String detail) {
        approval.settle(Approval.State.STALE, atWork.id(), clock.instant(), note);
        audit.tell(atWork.actor(), approval.deed(AuditStep.STALE, why(approval, note), null, null));
        return Optional.of(APPROVAL_STALE.because(detail));
    }

    /** The database checks the digest when it is written; this checks what was read. */
    private <P> P read(Approval approval, Class<P> type) {
        if (!MessageDigest.isEqual(Sha256.of(approval.payload), approval.payloadDigest)) {
            throw new IllegalStateException(
                    "the payload is not what was asked for: " + approval.id);
        }
        try {
            return json.readValue(approval.payload, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be read any more: " + approval.id, e);
        }
    }
}
