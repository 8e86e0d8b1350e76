package kvit.dispute;

import static kvit.dispute.DisputeProblem.CREDIT_NOT_FOUND;
import static kvit.dispute.DisputeProblem.CREDIT_RETURNED;

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
import kvit.source.Ids;

/**
 * Takes a provisional credit back, all of it or nothing, and never what the wallet does not have.
 * When the dispute is won {@link WinDispute} has done so; when it is lost, two of us say whether
 * the customer bears it or we do.
 */
@ApplicationScoped
class ReturnDisputeCredit implements FourEyes<ReturnDisputeCredit.Wish> {

    /** Whoever has one has one that is complete: it throws VALIDATION_FAILED. */
    record Wish(UUID dispute) {
        Wish {
            if (dispute == null) {
                throw GeneralProblem.invalid("/dispute", "must not be null");
            }
        }
    }

    private final DisputeStore disputes;
    private final DisputeCreditStore credits;
    private final Ledger ledger;
    private final Outbox outbox;

    ReturnDisputeCredit(
            DisputeStore disputes, DisputeCreditStore credits, Ledger ledger, Outbox outbox) {
        this.disputes = disputes;
        this.credits = credits;
        this.ledger = ledger;
        this.outbox = outbox;
    }

    /**
     * So that nobody is asked to approve what cannot be, as far as that is known by now.
     *
     * @throws Problem DISPUTE_NOT_FOUND, CREDIT_NOT_FOUND, CREDIT_RETURNED, INSUFFICIENT_FUNDS
     */
    Wish checked(UUID id) {
        var dispute = disputes.find(id).orElseThrow(CreditDispute::notFound);
        var credit = require(id);
        var available = ledger.balance(dispute.wallet()).available();
        if (available.minor() < credit.amount().minor()) {
            throw LedgerProblem.INSUFFICIENT_FUNDS
                    .because("Available are " + available + ".")
                    .with("available", available);
        }
        return new Wish(id);
    }

    private DisputeCredit require(UUID dispute) {
        var credit =
                credits.find(dispute)
                        .orElseThrow(() -> CREDIT_NOT_FOUND.because("It was never credited."));
        if (credit.back() != null) {
            var by = credit.back().approvedBy();
            throw CREDIT_RETURNED.because(by == null ? WinDispute.WON : "By " + by + ".");
        }
        return credit;
    }

    @Override
    public String action() {
        return "disputes.credit-return";
    }

    @Override
    public Class<Wish> payload() {
        return Wish.class;
    }

    @Override
    public String resource(Wish wish) {
        return wish.dispute().toString();
    }

    /** How the dispute stands is part of why it is asked for. Under lock, as it is carried out. */
    @Override
    @Transactional
    public String basis(Wish wish) {
        var dispute = disputes.lock(wish.dispute()).orElseThrow(CreditDispute::notFound);
        var credit = credits.find(dispute.id());
        return dispute.state() + " " + credit.map(it -> it.back() == null).orElse(false);
    }

    /**
     * Reverses the posting of the credit.
     *
     * @throws Problem CREDIT_NOT_FOUND, CREDIT_RETURNED, INSUFFICIENT_FUNDS
     */
    @Override
    @Transactional
    public void carryOut(Wish wish, Agreed agreed) {
        var dispute = disputes.lock(wish.dispute()).orElseThrow(CreditDispute::notFound);
        var credit = require(dispute.id());
        var at = ledger.reverse(credit.id(), id(dispute.id())).at();
        credits.takenBack(
                dispute.id(),
                new DisputeCredit.Word(
                        agreed.reason(), agreed.proposedBy(), agreed.approvedBy(), at));
        outbox.add(
                List.of(
                        new DisputeCreditReturned(
                                dispute.id(), dispute.customer(), credit.amount(), at)));
    }

    static UUID id(UUID dispute) {
        return Ids.named(dispute, "credit-return");
    }
}
