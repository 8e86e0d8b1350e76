package kvit.dispute;

import static kvit.dispute.DisputeProblem.EVIDENCE_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.ledger.LookUp;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.topup.Charges;
import org.jspecify.annotations.Nullable;

/**
 * Disputes as operators look into them. Whoever looks at somebody's is recorded, because what is in
 * there is that person's life; a list of everybody's is not anybody's.
 */
@ApplicationScoped
class LookIntoDispute {

    static final String READ = "disputes.read";
    static final String SEARCH = "disputes.search";

    private final DisputeStore disputes;
    private final EvidenceStore evidence;
    private final DisputeCreditStore credits;
    private final LookUp books;
    private final AuditTrail audit;
    private final Clock clock;

    LookIntoDispute(
            DisputeStore disputes,
            EvidenceStore evidence,
            DisputeCreditStore credits,
            LookUp books,
            AuditTrail audit,
            Clock clock) {
        this.disputes = disputes;
        this.evidence = evidence;
        this.credits = credits;
        this.books = books;
        this.audit = audit;
        this.clock = clock;
    }

    /** The newest first; null is any. */
    List<DisputeView> find(
            @Nullable DisputeState state,
            @Nullable UUID customer,
            @Nullable UUID before,
            int atMost) {
        return customer == null
                ? list(state, null, before, atMost)
                : audit.recording(
                        SEARCH,
                        customer.toString(),
                        "Disputes of a customer.",
                        () -> list(state, customer, before, atMost));
    }

    private List<DisputeView> list(
            @Nullable DisputeState state,
            @Nullable UUID customer,
            @Nullable UUID before,
            int atMost) {
        return disputes.list(state, customer, before, atMost).stream().map(this::view).toList();
    }

    /**
     * One with all that was written for it.
     *
     * @throws Problem DISPUTE_NOT_FOUND
     */
    DisputeView.Detail look(UUID id) {
        return audit.recording(READ, id.toString(), "Looked into.", () -> detail(id));
    }

    /**
     * The same for whoever has just done something about it, which is recorded by itself.
     *
     * @throws Problem DISPUTE_NOT_FOUND
     */
    DisputeView.Detail detail(UUID id) {
        var dispute = disputes.find(id).orElseThrow(CreditDispute::notFound);
        return new DisputeView.Detail(
                view(dispute),
                // With each of these comes what takes it back.
                books.postings(postings(dispute)),
                dispute.hold() == null ? List.of() : books.holds(dispute.wallet(), dispute.hold()),
                evidence.list(id).stream().map(it -> it.view(false)).toList(),
                evidence.submission(id).orElse(null),
                credits.find(id).orElse(null));
    }

    /** A refund of the charge among them: who contests it then has the money twice. */
    private static List<UUID> postings(Dispute dispute) {
        var id = dispute.id();
        return List.of(
                id,
                Ids.named(id, "lost"),
                Ids.named(id, "won"),
                HoldRefunded.recovery(id),
                CreditDispute.id(id),
                Charges.refund(dispute.topUp()));
    }

    /**
     * What was added, with the bytes of its file.
     *
     * @throws Problem EVIDENCE_NOT_FOUND
     */
    Evidence.View look(UUID dispute, UUID id) {
        return audit.recording(
                READ,
                dispute.toString(),
                "Looked at the evidence " + id + ".",
                () ->
                        evidence.find(dispute, id)
                                .orElseThrow(
                                        () -> EVIDENCE_NOT_FOUND.because("None of this dispute's."))
                                .view(true));
    }

    private DisputeView view(Dispute dispute) {
        return DisputeView.of(
                dispute, evidence.submission(dispute.id()).orElse(null), clock.instant());
    }
}
