package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.idempotency.TransferKeys;

/** Tells what transfers and cancellations have keys of, to whoever takes one for something else. */
@ApplicationScoped
class KeysOfTransfers implements TransferKeys {

    private final TransferStore store;
    private final CancellationStore cancellations;

    KeysOfTransfers(TransferStore store, CancellationStore cancellations) {
        this.store = store;
        this.cancellations = cancellations;
    }

    @Override
    public Optional<UUID> transferOf(UUID customer, String key) {
        var owned = new Attempt.Owned(customer, key);
        var cancelling = cancellations.byKeys(List.of(owned));
        var known = store.byKeys(List.of(owned)).get(owned);
        var cancellation = cancelling.get().get(owned);
        return known != null
                ? Optional.of(known.transfer().id())
                : Optional.ofNullable(cancellation).map(CancellationStore.Stored::transfer);
    }
}
