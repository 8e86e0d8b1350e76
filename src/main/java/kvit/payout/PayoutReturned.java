package kvit.payout;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** A payout has not arrived, or came back: it is in the wallet again, with the fee. */
record PayoutReturned(
        UUID payout,
        UUID customer,
        UUID card,
        Money amount,
        Money feeReturned,
        String declineCode,
        Instant returnedAt)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
