package kvit.transfer;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;
import org.jspecify.annotations.Nullable;

/** Money is held until somebody has looked at it. */
record TransferAwaitsReview(
        UUID transfer, UUID payer, @Nullable UUID payee, Money amount, Instant expiresAt)
        implements Event {

    @Override
    public UUID key() {
        return payer;
    }
}
