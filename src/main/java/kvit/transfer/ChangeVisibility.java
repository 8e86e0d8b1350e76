package kvit.transfer;

import static kvit.transfer.TransferProblem.TRANSFER_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.Visibility;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;

/**
 * Says who may see that money changed hands: each party for themselves, at any time, and as often
 * as they like. What holds is the stricter of the two words, so nobody is shown by the other one.
 */
@ApplicationScoped
class ChangeVisibility {

    private final TransferStore store;
    private final History history;
    private final MoneyTransactions transactions;

    ChangeVisibility(TransferStore store, History history, MoneyTransactions transactions) {
        this.store = store;
        this.history = history;
        this.transactions = transactions;
    }

    /**
     * The transfer as it is now.
     *
     * @throws Problem TRANSFER_NOT_FOUND
     */
    TransferView change(UUID person, UUID id, Visibility word) {
        // Before the lock, which nobody takes of a transfer of others.
        if (store.find(id).filter(it -> it.isVisibleTo(person)).isEmpty()) {
            throw notFound();
        }
        transactions.once(
                () -> {
                    inTransaction(person, id, word);
                    return true;
                });
        return history.transfer(person, id).orElseThrow(ChangeVisibility::notFound);
    }

    private void inTransaction(UUID person, UUID id, Visibility word) {
        var transfer = Objects.requireNonNull(store.lock(List.of(id)).get(id));
        var before = store.words(transfer);
        var after = before.with(person.equals(transfer.payer()), word);
        if (!after.equals(before)) {
            store.say(transfer, after);
        }
    }

    private static Problem notFound() {
        return TRANSFER_NOT_FOUND.because("No such transfer of yours.");
    }
}
