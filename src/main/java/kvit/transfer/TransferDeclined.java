package kvit.transfer;

import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** Somebody wanted to send money and was refused; nothing has moved. */
record TransferDeclined(UUID transfer, UUID payer, Money amount, String declineCode)
        implements Event {

    @Override
    public UUID key() {
        return payer;
    }
}
