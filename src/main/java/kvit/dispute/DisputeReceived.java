package kvit.dispute;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** The processor has taken back the money of a charge; what the wallet has of it is held. */
record DisputeReceived(
        UUID dispute,
        UUID customer,
        UUID card,
        UUID topUp,
        Money amount,
        Money held,
        String reason,
        Instant receivedAt,
        Instant deadline)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
