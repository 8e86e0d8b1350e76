package kvit.transfer;

import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;
import org.jspecify.annotations.Nullable;

/** A payer has taken back what was still waiting; the money is available again. */
record TransferCancelled(UUID transfer, UUID payer, @Nullable UUID payee, Money amount)
        implements Event {

    @Override
    public UUID key() {
        return payer;
    }
}
