package kvit.payout;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;
import org.jspecify.annotations.Nullable;

/** A payout was taken back before it was handed over; by its owner, unless there is a code why. */
record PayoutCancelled(
        UUID payout,
        UUID customer,
        UUID card,
        Money amount,
        Money feeReturned,
        @Nullable String declineCode,
        Instant cancelledAt)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
