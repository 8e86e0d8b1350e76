package kvit.dispute;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;
import org.jspecify.annotations.Nullable;

/**
 * The money of a contested charge is here again, and nothing is held for it any more.
 *
 * @param creditBack what they had of ours meanwhile, which was taken back; null where that is
 *     nothing
 * @param heldOn what of it is held for other disputes from here on; null in events from before
 */
record DisputeWon(
        UUID dispute,
        UUID customer,
        UUID card,
        UUID topUp,
        Money amount,
        Instant wonAt,
        @Nullable Money creditBack,
        @Nullable Money heldOn)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
