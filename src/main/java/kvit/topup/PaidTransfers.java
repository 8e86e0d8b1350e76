package kvit.topup;

import java.util.UUID;
import kvit.ledger.Posting;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Transfers that cards pay for; kept elsewhere. All are called in the transaction that writes what
 * became of the charge, and once; the first two under its lock.
 */
public interface PaidTransfers {

    /**
     * The card was charged: the money comes in and goes on, or neither.
     *
     * @param charge the posting that brings the money in
     * @return why it cannot be: the transfer has come to nothing, and the charge is to be given
     *     back; null where the money has come in
     */
    @Nullable Problem charged(UUID transfer, Posting charge);

    /** Nothing was charged, and nothing will be: the transfer comes to nothing. */
    void notCharged(UUID transfer);

    /**
     * The cardholder contests the charge: where the transfer waits, it comes to nothing. Locks it;
     * after disputes, and before accounts.
     *
     * @return what to call once all accounts are locked: what was charged is available in the
     *     wallet then, if it was there, and does not go back to the card
     */
    Runnable lockContested(UUID transfer);
}
