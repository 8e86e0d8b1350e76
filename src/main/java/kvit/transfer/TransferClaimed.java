package kvit.transfer;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** Money that has waited for its payee is theirs now; the transfer is completed by that. */
record TransferClaimed(UUID transfer, UUID payer, UUID payee, Money amount, Instant completedAt)
        implements Event {

    static TransferClaimed of(Transfer transfer) {
        return new TransferClaimed(
                transfer.id(),
                transfer.payer(),
                Objects.requireNonNull(transfer.payee()),
                transfer.amount(),
                Objects.requireNonNull(transfer.completedAt()));
    }

    @Override
    public UUID key() {
        return payer;
    }
}
