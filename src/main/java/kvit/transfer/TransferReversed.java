package kvit.transfer;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/**
 * We have taken a transfer back. One event for each of the two, so that each is told; why is in our
 * records.
 *
 * @param reversal the refund that gives the money back
 * @param customer who is told
 * @param other the other one of the two
 * @param hasPaid whether the money has left this customer's wallet, or has come back into it
 */
record TransferReversed(
        UUID transfer,
        UUID reversal,
        UUID customer,
        UUID other,
        boolean hasPaid,
        Money amount,
        Instant reversedAt)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
