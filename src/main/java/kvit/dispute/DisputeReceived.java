package kvit.dispute;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;
import org.jspecify.annotations.Nullable;

/**
 * The processor has taken back the money of a charge; what the wallet has of it is held.
 *
 * @param evidenceDueBy until when the processor takes what speaks for us; null where it has not
 *     said so
 */
record DisputeReceived(
        UUID dispute,
        UUID customer,
        UUID card,
        UUID topUp,
        Money amount,
        Money held,
        String reason,
        Instant receivedAt,
        Instant deadline,
        @Nullable Instant evidenceDueBy)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
