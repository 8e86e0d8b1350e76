package kvit.books;

import static kvit.books.BooksProblem.POSTING_NOT_REVERSIBLE;
import static kvit.ledger.LedgerProblem.ALREADY_REVERSED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.ledger.Ledger;
import kvit.operate.FourEyes;
import kvit.problem.Problem;

/**
 * Takes a posting by hand back by its mirror image: the past stays as it was. What something else
 * has posted, a transfer or a payout, is taken back there, where it is known that it was; here it
 * would be paid twice.
 */
@ApplicationScoped
class ReversePosting implements FourEyes<ReversePosting.Reversal> {

    /**
     * @param reversal the id of the posting that takes the other one back
     */
    record Reversal(UUID posting, UUID reversal) {}

    private final Ledger ledger;
    private final LookUp lookUp;

    ReversePosting(Ledger ledger, LookUp lookUp) {
        this.ledger = ledger;
        this.lookUp = lookUp;
    }

    @Override
    public String action() {
        return "books.reversal";
    }

    @Override
    public Class<Reversal> payload() {
        return Reversal.class;
    }

    @Override
    public String resource(Reversal reversal) {
        return reversal.posting().toString();
    }

    @Override
    public String basis(Reversal reversal) {
        return "reversed by " + lookUp.posting(reversal.posting()).reversedBy();
    }

    /**
     * Before anybody is asked to approve it.
     *
     * @throws Problem POSTING_NOT_FOUND, POSTING_NOT_REVERSIBLE, ALREADY_REVERSED
     */
    void check(UUID posting) {
        var found = lookUp.posting(posting);
        if (!found.kind().equals(PostAdjustment.KIND)) {
            throw POSTING_NOT_REVERSIBLE
                    .because("It is a " + found.kind() + ", and is taken back as that.")
                    .with("kind", found.kind());
        }
        if (found.reversedBy() != null) {
            throw ALREADY_REVERSED.because("Posting " + posting + " was reversed before.");
        }
    }

    /**
     * @throws Problem POSTING_NOT_REVERSIBLE, ALREADY_REVERSED, INSUFFICIENT_FUNDS where the money
     *     is gone
     */
    @Override
    public void carryOut(Reversal reversal, Agreed agreed) {
        check(reversal.posting());
        ledger.reverse(reversal.posting(), reversal.reversal());
    }
}
