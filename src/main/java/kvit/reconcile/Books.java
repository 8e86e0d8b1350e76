package kvit.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.ledger.Posting.Line;

/** How reconciliation writes into the books. */
final class Books {

    /** All that it writes begins so: what it has written nobody expects the processor to settle. */
    static final String KIND = "settlement-";

    private Books() {}

    /** A credit of one account, or a debit where it is below zero, against the other one. */
    static Posting posting(
            UUID id, String kind, Instant at, Account account, Account counter, long credit) {
        return new Posting(
                id,
                kind,
                at,
                List.of(new Line(account, credit), new Line(counter, -credit)),
                null,
                null);
    }

    /** Another line of a posting to be, unless it moves nothing. */
    static void add(List<Line> lines, Account account, long credit) {
        if (credit != 0) {
            lines.add(new Line(account, credit));
        }
    }

    /** All of them, or none. */
    static void post(Ledger ledger, List<Posting> postings) {
        if (postings.isEmpty()) {
            return;
        }
        for (var outcome : ledger.post(postings)) {
            if (outcome.refusal() != null) {
                throw outcome.refusal();
            }
        }
    }
}
