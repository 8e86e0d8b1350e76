package kvit.claim;

import static kvit.claim.ClaimProblem.CLAIM_CREDIT_OUT;
import static kvit.claim.ClaimProblem.CLAIM_INVESTIGATED;
import static kvit.claim.ClaimProblem.CLAIM_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.operate.AuditTrail;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;

/** What operators do alone about a claim: nothing that moves money. */
@ApplicationScoped
class WorkOnClaim {

    private final ClaimStore claims;
    private final ClaimCreditStore credits;
    private final MoneyTransactions transactions;
    private final Outbox outbox;
    private final AuditTrail audit;
    private final Clock clock;

    WorkOnClaim(
            ClaimStore claims,
            ClaimCreditStore credits,
            MoneyTransactions transactions,
            Outbox outbox,
            AuditTrail audit,
            Clock clock) {
        this.claims = claims;
        this.credits = credits;
        this.transactions = transactions;
        this.outbox = outbox;
        this.audit = audit;
        this.clock = clock;
    }

    static Problem notFound() {
        return CLAIM_NOT_FOUND.because("No such claim.");
    }

    /**
     * Says that somebody looks into it.
     *
     * @throws Problem CLAIM_NOT_FOUND, CLAIM_SETTLED, CLAIM_INVESTIGATED
     */
    UUID investigate(UUID id, String reason) {
        return transactions.once(
                () -> {
                    audit.record("claims.investigate", id.toString(), reason);
                    var claim = claims.lock(id).orElseThrow(WorkOnClaim::notFound).requireOpen();
                    if (claim.state() == ClaimState.INVESTIGATING) {
                        throw CLAIM_INVESTIGATED.because("Somebody looks into it.");
                    }
                    claims.investigating(id);
                    return id;
                });
    }

    /**
     * Ends it with nothing. What they have meanwhile is taken back before, which takes two.
     *
     * @throws Problem CLAIM_NOT_FOUND, CLAIM_SETTLED, CLAIM_NOT_INVESTIGATED, CLAIM_CREDIT_OUT
     */
    UUID reject(UUID id, String reason) {
        return transactions.once(
                () -> {
                    audit.record("claims.reject", id.toString(), reason);
                    var claim =
                            claims.lock(id)
                                    .orElseThrow(WorkOnClaim::notFound)
                                    .requireInvestigated();
                    if (credits.find(id).filter(ClaimCredit::isOut).isPresent()) {
                        throw CLAIM_CREDIT_OUT.because("Take that back first, or accept it.");
                    }
                    var now = clock.instant();
                    claims.ended(id, ClaimState.REJECTED, null, now);
                    outbox.add(List.of(ClaimChanged.of(claim, ClaimChanged.Step.REJECTED, now)));
                    return id;
                });
    }
}
