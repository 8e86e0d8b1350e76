package kvit.transfer;

import static kvit.transfer.TransferProblem.TRANSFER_NOT_CANCELLABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.idempotency.Keys;
import kvit.identity.People;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Takes back a transfer that still waits.
 *
 * <p>A cancellation is a row of its own, the record of its key like a transfer is of its: so a
 * refusal is replayed as well, a key that was used for another transfer is found, and the transfer
 * keeps the answer that it was made with.
 */
@ApplicationScoped
class CancelTransfer {

    /** Which transfer a payer wants to take back. */
    record Order(UUID transfer) {}

    private final PayerOnly payerOnly;
    private final TransferStore store;
    private final CancellationStore cancellations;
    private final Keys keysElsewhere;
    private final Settlement settlement;
    private final MoneyTransactions transactions;
    private final People people;
    private final Answers answers;
    private final Clock clock;

    CancelTransfer(
            PayerOnly payerOnly,
            TransferStore store,
            CancellationStore cancellations,
            Keys keysElsewhere,
            Settlement settlement,
            MoneyTransactions transactions,
            People people,
            Answers answers,
            Clock clock) {
        this.payerOnly = payerOnly;
        this.store = store;
        this.cancellations = cancellations;
        this.keysElsewhere = keysElsewhere;
        this.settlement = settlement;
        this.transactions = transactions;
        this.people = people;
        this.answers = answers;
        this.clock = clock;
    }

    /**
     * Answers 200 with the cancelled transfer, or 422 with the refusal, both as first given.
     *
     * @throws Problem TRANSFER_NOT_FOUND, NOT_THE_PAYER; these leave the key free
     */
    Answer cancel(Attempt<Order> attempt) {
        payerOnly.require(attempt.payer(), attempt.order().transfer());
        return transactions.keyed(() -> inTransaction(attempt));
    }

    private Answer inTransaction(Attempt<Order> attempt) {
        var keys = List.of(attempt.owned());
        var cancelling = cancellations.byKeys(keys);
        var elsewhere = keysElsewhere.taken(List.of(attempt.owned().elsewhere()));
        var other = store.byKeys(keys).get(attempt.owned());
        var known = cancelling.get().get(attempt.owned());
        if (known != null) {
            return known.fingerprint().equals(attempt.fingerprint())
                    ? new Answer(known.status(), known.body(), true)
                    : answers.reused(attempt.requestId(), "transferId", known.transfer());
        }
        if (other != null) {
            return answers.reused(attempt.requestId(), "transferId", other.transfer().id());
        }
        if (!elsewhere.get().isEmpty()) {
            return answers.reused(attempt.requestId(), "transferId", null);
        }
        var answer = decide(attempt);
        var stored =
                new CancellationStore.Stored(
                        attempt.owned(),
                        attempt.fingerprint(),
                        attempt.order().transfer(),
                        answer.status(),
                        answer.body());
        if (!cancellations.insert(stored, clock.instant())) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
        return answer;
    }

    private Answer decide(Attempt<Order> attempt) {
        var transfer = store.lockStored(attempt.order().transfer()).transfer();
        if (!transfer.state().isWaiting()) {
            return answers.of(
                    TRANSFER_NOT_CANCELLABLE
                            .because(why(transfer))
                            .with("transferId", transfer.id())
                            .with("state", transfer.state()),
                    attempt.requestId());
        }
        var cancelled = transfer.cancelled();
        settlement.end(List.of(cancelled), null);
        var parties = new ArrayList<UUID>();
        parties.add(cancelled.payer());
        if (cancelled.payee() != null) {
            parties.add(cancelled.payee());
        }
        return answers.of(200, TransferView.of(cancelled, people.byIds(parties)));
    }

    private static String why(Transfer transfer) {
        return transfer.state() == TransferState.CHARGING
                ? "Its card is being charged; read it to see what becomes of it."
                : "It is completed, or has come to nothing before.";
    }
}
