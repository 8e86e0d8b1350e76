package kvit.transfer;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;
import org.jspecify.annotations.Nullable;

/** Money has changed hands. Without the note, which is between the two. */
record TransferCompleted(
        UUID transfer,
        UUID payer,
        UUID payee,
        Money amount,
        @Nullable UUID refundOf,
        @Nullable String conversation,
        Instant completedAt)
        implements Event {

    @Override
    public UUID key() {
        return payer;
    }
}
