package kvit.transfer;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;
import org.jspecify.annotations.Nullable;

/** Money is held until its payer types in the code that was sent for it. */
record TransferAwaitsConfirmation(
        UUID transfer, UUID payer, @Nullable UUID payee, Money amount, Instant expiresAt)
        implements Event {

    @Override
    public UUID key() {
        return payer;
    }
}
