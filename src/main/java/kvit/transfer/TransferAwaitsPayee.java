package kvit.transfer;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;
import org.jspecify.annotations.Nullable;

/**
 * Money is held until its payee is here, or can receive.
 *
 * @param payee who has to add a card; null where nobody has proved the phone that it was sent to
 */
record TransferAwaitsPayee(
        UUID transfer, UUID payer, @Nullable UUID payee, Money amount, Instant expiresAt)
        implements Event {

    @Override
    public UUID key() {
        return payer;
    }
}
