package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.UUID;
import kvit.money.Money;
import kvit.operate.FourEyes;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;

/**
 * Gives in: a dispute is lost at once, as it would be at its deadline. It takes what is held of a
 * customer, and nobody but the processor can undo it, so it takes two, whatever the amount.
 */
@ApplicationScoped
class AcceptDispute implements FourEyes<AcceptDispute.Wish> {

    /**
     * Whoever has one has one that is complete: it throws VALIDATION_FAILED.
     *
     * @param held what it takes from the wallet; of the rest the loss is ours
     */
    record Wish(UUID dispute, Money amount, Money held) {
        Wish {
            if (dispute == null) {
                throw GeneralProblem.invalid("/dispute", "must not be null");
            }
            if (amount == null) {
                throw GeneralProblem.invalid("/amount", "must not be null");
            }
            if (held == null) {
                throw GeneralProblem.invalid("/held", "must not be null");
            }
        }
    }

    private final DisputeStore disputes;
    private final EvidenceStore evidence;
    private final SettleDisputes settle;

    AcceptDispute(DisputeStore disputes, EvidenceStore evidence, SettleDisputes settle) {
        this.disputes = disputes;
        this.evidence = evidence;
        this.settle = settle;
    }

    /**
     * So that nobody is asked to approve what cannot be.
     *
     * @throws Problem DISPUTE_NOT_FOUND, DISPUTE_SETTLED
     */
    Wish checked(UUID id) {
        var dispute = disputes.find(id).orElseThrow(CreditDispute::notFound).requireOpen();
        return new Wish(id, dispute.amount(), dispute.held());
    }

    @Override
    public String action() {
        return "disputes.accept";
    }

    @Override
    public Class<Wish> payload() {
        return Wish.class;
    }

    @Override
    public String resource(Wish wish) {
        return wish.dispute().toString();
    }

    /** Whoever hands in evidence meanwhile does not mean to give in. Under lock. */
    @Override
    @Transactional
    public String basis(Wish wish) {
        var dispute = disputes.lock(wish.dispute()).orElseThrow(CreditDispute::notFound);
        return dispute.state()
                + " "
                + dispute.held()
                + " "
                + evidence.submission(dispute.id()).isPresent();
    }

    /**
     * If the processor gives the money back all the same, it is won then.
     *
     * @throws Problem DISPUTE_NOT_FOUND, DISPUTE_SETTLED
     */
    @Override
    @Transactional
    public void carryOut(Wish wish, Agreed agreed) {
        var dispute = disputes.lock(wish.dispute()).orElseThrow(CreditDispute::notFound);
        settle.lost(dispute.requireOpen());
    }
}
