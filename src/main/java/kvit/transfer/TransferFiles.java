package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** What other capabilities ask about single transfers, for operators. */
@ApplicationScoped
public class TransferFiles {

    private final TransferStore store;

    TransferFiles(TransferStore store) {
        this.store = store;
    }

    /** The payer and then the payee; of one whose payee was nobody, the payer; of none, nobody. */
    public List<UUID> parties(UUID transfer) {
        return store.find(transfer).stream()
                .flatMap(it -> Stream.of(it.payer(), it.payee()))
                .filter(Objects::nonNull)
                .toList();
    }
}
