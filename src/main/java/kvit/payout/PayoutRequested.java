package kvit.payout;

import java.time.Instant;
import java.util.UUID;
import kvit.card.Speed;
import kvit.money.Money;
import kvit.outbox.Event;

/** Money has left a wallet and is on its way to a card. */
record PayoutRequested(
        UUID payout,
        UUID customer,
        UUID card,
        Money amount,
        Money fee,
        Speed speed,
        Instant handOverAt,
        Instant createdAt)
        implements Event {

    @Override
    public UUID key() {
        return customer;
    }
}
