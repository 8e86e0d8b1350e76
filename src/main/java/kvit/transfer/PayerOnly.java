package kvit.transfer;

import static kvit.transfer.TransferProblem.NOT_THE_PAYER;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.problem.Problem;

/** Finds a transfer for somebody who wants to do with it what only its payer may. */
@ApplicationScoped
class PayerOnly {

    private final TransferStore store;

    PayerOnly(TransferStore store) {
        this.store = store;
    }

    /**
     * Without a lock: who the payer is never changes.
     *
     * @throws Problem TRANSFER_NOT_FOUND, NOT_THE_PAYER
     */
    Transfer require(UUID caller, UUID id) {
        var transfer =
                store.find(id)
                        .filter(it -> it.isVisibleTo(caller))
                        .orElseThrow(
                                () -> TRANSFER_NOT_FOUND.because("No such transfer of yours."));
        if (!caller.equals(transfer.payer())) {
            throw NOT_THE_PAYER.because("It is the payer's to decide.");
        }
        return transfer;
    }
}
