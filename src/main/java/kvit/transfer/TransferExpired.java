package kvit.transfer;

import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;
import org.jspecify.annotations.Nullable;

/** A transfer has waited for too long; the money is available again. */
record TransferExpired(UUID transfer, UUID payer, @Nullable UUID payee, Money amount)
        implements Event {

    @Override
    public UUID key() {
        return payer;
    }
}
