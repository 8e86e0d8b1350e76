package kvit.claim;

import static kvit.claim.ClaimProblem.CLAIM_NOT_CREDITED;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Ledger;
import kvit.ledger.LedgerProblem;
import kvit.operate.FourEyes;
import kvit.outbox.Outbox;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;

/**
 * Takes back what somebody had while their claim was looked into: all of it or nothing, and never
 * what the wallet does not have. What is gone is ours to bear, by accepting the claim.
 */
@ApplicationScoped
class ReturnClaimCredit implements FourEyes<ReturnClaimCredit.Wish> {

    /** Whoever has one has one that is complete: it throws VALIDATION_FAILED. */
    record Wish(UUID claim) {
        Wish {
            if (claim == null) {
                throw GeneralProblem.invalid("/claim", "must not be null");
            }
        }
    }

    private final ClaimStore claims;
    private final ClaimCreditStore credits;
    private final Ledger ledger;
    private final Outbox outbox;

    ReturnClaimCredit(ClaimStore claims, ClaimCreditStore credits, Ledger ledger, Outbox outbox) {
        this.claims = claims;
        this.credits = credits;
        this.ledger = ledger;
        this.outbox = outbox;
    }

    /**
     * So that nobody is asked to approve what cannot be, as far as that is known by now.
     *
     * @throws Problem CLAIM_NOT_FOUND, CLAIM_SETTLED, CLAIM_NOT_CREDITED, INSUFFICIENT_FUNDS
     */
    Wish checked(UUID id) {
        var claim = claims.find(id).orElseThrow(WorkOnClaim::notFound).requireOpen();
        var credit = require(id);
        var available = ledger.balance(claim.wallet()).available();
        if (available.minor() < credit.amount().minor()) {
            throw LedgerProblem.INSUFFICIENT_FUNDS
                    .because("Available are " + available + ".")
                    .with("available", available);
        }
        return new Wish(id);
    }

    private ClaimCredit require(UUID claim) {
        return credits.find(claim)
                .filter(ClaimCredit::isOut)
                .orElseThrow(() -> CLAIM_NOT_CREDITED.because("There is nothing to take back."));
    }

    @Override
    public String action() {
        return "claims.credit-return";
    }

    @Override
    public Class<Wish> payload() {
        return Wish.class;
    }

    @Override
    public String resource(Wish wish) {
        return wish.claim().toString();
    }

    /** How the claim stands is part of why it is asked for. Under lock, as it is carried out. */
    @Override
    @Transactional
    public String basis(Wish wish) {
        var claim = claims.lock(wish.claim()).orElseThrow(WorkOnClaim::notFound);
        return claim.state()
                + " "
                + credits.find(claim.id()).filter(ClaimCredit::isOut).isPresent();
    }

    /**
     * Reverses the posting of the credit.
     *
     * @throws Problem CLAIM_NOT_FOUND, CLAIM_SETTLED, CLAIM_NOT_CREDITED, INSUFFICIENT_FUNDS
     */
    @Override
    @Transactional
    public void carryOut(Wish wish, Agreed agreed) {
        var claim = claims.lock(wish.claim()).orElseThrow(WorkOnClaim::notFound).requireOpen();
        var credit = require(claim.id());
        var at = ledger.reverse(credit.id(), ClaimCredit.returnId(claim.id())).at();
        credits.takenBack(
                claim.id(),
                new ClaimCredit.ClaimWord(
                        agreed.reason(), agreed.proposedBy(), agreed.approvedBy(), at));
        if (claim.dueAt() != null) {
            // The time that it had bought is over with it.
            claims.due(claim.id(), claim.dueAt());
        }
        outbox.add(List.of(ClaimChanged.of(claim, ClaimChanged.Step.CREDIT_RETURNED, at)));
    }
}
