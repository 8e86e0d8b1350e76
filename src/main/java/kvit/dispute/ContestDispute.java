package kvit.dispute;

import static kvit.dispute.DisputeProblem.EVIDENCE_LIMIT_REACHED;
import static kvit.dispute.DisputeProblem.EVIDENCE_MISSING;
import static kvit.dispute.DisputeProblem.EVIDENCE_SUBMITTED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * What operators do alone about a dispute while it is open. What is decided about it in the end the
 * processor tells, or its deadline does; only giving in is ours to say: {@link AcceptDispute}.
 */
@ApplicationScoped
class ContestDispute {

    /** More than anybody reads. */
    static final int EVIDENCE_MAX = 20;

    private final DisputeStore disputes;
    private final EvidenceStore evidence;
    private final MoneyTransactions transactions;
    private final AuditTrail audit;
    private final AtWork atWork;
    private final Clock clock;
    private final Ids ids;

    ContestDispute(
            DisputeStore disputes,
            EvidenceStore evidence,
            MoneyTransactions transactions,
            AuditTrail audit,
            AtWork atWork,
            Clock clock,
            Ids ids) {
        this.disputes = disputes;
        this.evidence = evidence;
        this.transactions = transactions;
        this.audit = audit;
        this.atWork = atWork;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Adds to what will be handed in; nothing that was added is ever changed.
     *
     * @throws Problem DISPUTE_NOT_FOUND, DISPUTE_SETTLED, EVIDENCE_SUBMITTED,
     *     EVIDENCE_LIMIT_REACHED
     */
    Evidence add(UUID id, @Nullable String text, Evidence.@Nullable File file, String reason) {
        return transactions.once(
                () -> {
                    audit.record("disputes.evidence", id.toString(), reason);
                    requireUnsubmitted(open(id));
                    if (evidence.list(id).size() >= EVIDENCE_MAX) {
                        throw EVIDENCE_LIMIT_REACHED.because(
                                EVIDENCE_MAX + " is what there may be.");
                    }
                    var added =
                            new Evidence(
                                    ids.next(), id, text, file, atWork.email(), clock.instant());
                    evidence.insert(added);
                    return evidence.find(id, added.id()).orElseThrow();
                });
    }

    /**
     * Notes that the evidence was handed in, which somebody does by hand where the processor takes
     * it. From here on there is no more of it.
     *
     * @throws Problem DISPUTE_NOT_FOUND, DISPUTE_SETTLED, EVIDENCE_SUBMITTED, EVIDENCE_MISSING
     */
    EvidenceStore.Submission submit(UUID id, String reason) {
        return transactions.once(
                () -> {
                    audit.record("disputes.submit", id.toString(), reason);
                    requireUnsubmitted(open(id));
                    if (evidence.list(id).isEmpty()) {
                        throw EVIDENCE_MISSING.because("Add what was handed in.");
                    }
                    var submission = new EvidenceStore.Submission(atWork.email(), clock.instant());
                    evidence.submit(id, submission);
                    return submission;
                });
    }

    private Dispute open(UUID id) {
        return disputes.lock(id).orElseThrow(CreditDispute::notFound).requireOpen();
    }

    private void requireUnsubmitted(Dispute dispute) {
        evidence.submission(dispute.id())
                .ifPresent(
                        it -> {
                            throw EVIDENCE_SUBMITTED.because(
                                    "By " + it.by() + ", " + it.at() + ".");
                        });
    }
}
