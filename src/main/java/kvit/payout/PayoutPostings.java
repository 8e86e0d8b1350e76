package kvit.payout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Posting;
import kvit.ledger.Posting.Line;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * The lines that a payout writes into the books. Each has an id that follows from the payout's, or
 * from that of the push, so that none can be written twice; and all that give the money back
 * reverse the one that took it, which can happen once, whatever the reason.
 */
class PayoutPostings {

    private final Payout payout;
    private final Account wallet;
    private final Account clearing;
    private final Account fees;

    PayoutPostings(Payout payout) {
        this.payout = payout;
        var currency = payout.amount().currency();
        this.wallet = Account.wallet(payout.customer(), currency);
        this.clearing = Account.payoutClearing(currency);
        this.fees = Account.fees(currency);
    }

    /** Out of the wallet, and the fee with it. */
    Posting out(Instant at) {
        var amount = payout.amount().minor();
        var fee = payout.fee().minor();
        var lines = new ArrayList<Line>();
        // A sum beyond what an account counts is refused by the ledger, so it may be one.
        lines.add(new Line(wallet, -(amount + fee)));
        lines.add(new Line(clearing, amount));
        if (fee > 0) {
            lines.add(new Line(fees, fee));
        }
        return new Posting(payout.id(), "payout", at, lines, null, null);
    }

    /** The processor has it: it pays it out of what it owes us. */
    Posting taken(Instant at) {
        var amount = payout.amount().minor();
        return posting(
                payout.push(),
                "payout-taken",
                at,
                List.of(new Line(clearing, -amount), new Line(processor(), amount)),
                null);
    }

    /**
     * The processor owes it to us again, whatever becomes of it here.
     *
     * @param taken the posting that this takes back
     */
    Posting cameBack(UUID taken, Instant at) {
        var amount = payout.amount().minor();
        return posting(
                payout.push(),
                "payout-came-back",
                at,
                List.of(new Line(processor(), -amount), new Line(clearing, amount)),
                taken);
    }

    /** It was not quick, so being quick is not paid for. */
    Posting feeBack(Instant at) {
        var fee = payout.fee().minor();
        return posting(
                payout.id(),
                "payout-fee-back",
                at,
                List.of(new Line(fees, -fee), new Line(wallet, fee)),
                null);
    }

    /** Back into the wallet, and the fee with it, unless that is there already. */
    Posting back(String kind, Instant at) {
        return back(kind, at, clearing);
    }

    /** The same of one that had arrived before the books followed what the processor has taken. */
    Posting backFromProcessor(String kind, Instant at) {
        return back(kind, at, processor());
    }

    private Posting back(String kind, Instant at, Account from) {
        var amount = payout.amount().minor();
        var fee = payout.isSlowed() ? 0 : payout.fee().minor();
        var lines = new ArrayList<Line>();
        lines.add(new Line(wallet, amount + fee));
        lines.add(new Line(from, -amount));
        if (fee > 0) {
            lines.add(new Line(fees, -fee));
        }
        return posting(payout.id(), kind, at, lines, payout.id());
    }

    private Account processor() {
        return Account.cardClearing(payout.amount().currency());
    }

    private static Posting posting(
            UUID of, String kind, Instant at, List<Line> lines, @Nullable UUID reverses) {
        return new Posting(Ids.named(of, kind), kind, at, lines, reverses, null);
    }
}
