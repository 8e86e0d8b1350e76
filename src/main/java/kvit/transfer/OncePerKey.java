package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.idempotency.Keys;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.problem.ProblemBody;

/**
 * Carries out each attempt once per key, and gives every later one the first answer.
 *
 * <p>One database transaction for the whole list: look the keys up, let the fresh ones be decided
 * and posted, store each with its answer and its event. The unique key of the row is the claim. Two
 * who race for it both decide, one commits, and the other's whole transaction is void and finds the
 * winner's row when it is made again; so it needs no lock row that somebody could leave behind.
 */
@ApplicationScoped
class OncePerKey {

    private final TransferStore store;
    private final CancellationStore cancellations;
    private final Keys keysElsewhere;
    private final MoneyTransactions transactions;
    private final Outbox outbox;
    private final Answers answers;
    private final TransferMetrics metrics;

    OncePerKey(
            TransferStore store,
            CancellationStore cancellations,
            Keys keysElsewhere,
            MoneyTransactions transactions,
            Outbox outbox,
            Answers answers,
            TransferMetrics metrics) {
        this.store = store;
        this.cancellations = cancellations;
        this.keysElsewhere = keysElsewhere;
        this.transactions = transactions;
        this.outbox = outbox;
        this.answers = answers;
        this.metrics = metrics;
    }

    /**
     * Answers every attempt, and carries out those whose key is fresh.
     *
     * @param decide decides fresh attempts, no two of one key, in order, and posts those it allows;
     *     in the transaction
     * @return one answer per attempt, in the same order
     */
    <O> List<Answer> carryOut(
            List<Attempt<O>> attempts, Function<List<Attempt<O>>, List<Decision<O>>> decide) {
        return transactions.keyed(() -> inTransaction(attempts, decide));
    }

    /** The same for attempts of many, who would wait for one another: it fails soon. */
    <O> List<Answer> carryOutTogether(
            List<Attempt<O>> attempts, Function<List<Attempt<O>>, List<Decision<O>>> decide) {
        return transactions.shared(() -> inTransaction(attempts, decide));
    }

    /** Whether the key was used before, for whatever request. */
    boolean isKnown(Attempt<?> attempt) {
        return !store.byKeys(List.of(attempt.owned())).isEmpty();
    }

    private <O> List<Answer> inTransaction(
            List<Attempt<O>> attempts, Function<List<Attempt<O>>, List<Decision<O>>> decide) {
        var keys = attempts.stream().map(Attempt::owned).toList();
        // A key is one for all that a payer does, and what is no transfer has rows of its own.
        var cancellationsByKey = cancellations.byKeys(keys);
        var takenElsewhere =
                keysElsewhere.taken(keys.stream().map(Attempt.Owned::elsewhere).toList());
        var known = store.byKeys(keys);
        var cancelling = cancellationsByKey.get();
        var elsewhere = takenElsewhere.get();
        cancelling.keySet().removeAll(known.keySet());
        known.keySet().forEach(it -> elsewhere.remove(it.elsewhere()));
        var fresh = new LinkedHashMap<Attempt.Owned, Attempt<O>>();
        for (var attempt : attempts) {
            if (!known.containsKey(attempt.owned())
                    && !cancelling.containsKey(attempt.owned())
                    && !elsewhere.contains(attempt.owned().elsewhere())) {
                fresh.putIfAbsent(attempt.owned(), attempt);
            }
        }
        if (!fresh.isEmpty()) {
            settle(fresh.values(), decide).forEach(it -> known.put(it.owned(), it));
        }

        var given = new ArrayList<Answer>();
        for (var attempt : attempts) {
            // Of two in one list with one key the first is the transfer and the second its replay.
            var isFirst = fresh.remove(attempt.owned(), attempt);
            var cancellation = cancelling.get(attempt.owned());
            if (cancellation != null) {
                given.add(
                        answers.reused(attempt.requestId(), "transferId", cancellation.transfer()));
            } else if (elsewhere.contains(attempt.owned().elsewhere())) {
                given.add(answers.reused(attempt.requestId(), "transferId", null));
            } else {
                given.add(answer(attempt, known, !isFirst));
            }
        }
        return given;
    }

    private <O> List<StoredTransfer> settle(
            Collection<Attempt<O>> fresh, Function<List<Attempt<O>>, List<Decision<O>>> decide) {
        var decisions = decide.apply(List.copyOf(fresh));
        var stored = decisions.stream().map(this::stored).toList();
        store.insert(stored);
        var transfers = stored.stream().map(StoredTransfer::transfer).toList();
        outbox.add(transfers.stream().map(TransferEvents::of).toList());
        metrics.countWhenCommitted(transfers);
        return stored;
    }

    private <O> Answer answer(
            Attempt<O> attempt, Map<Attempt.Owned, StoredTransfer> known, boolean replayed) {
        var first = known.get(attempt.owned());
        if (first == null) {
            throw new IllegalStateException("undecided: " + attempt.owned());
        }
        if (!first.fingerprint().equals(attempt.fingerprint())) {
            return answers.reused(attempt.requestId(), "transferId", first.transfer().id());
        }
        return new Answer(
                first.status(),
                Objects.requireNonNull(first.body(), "only cards are waited for"),
                replayed);
    }

    private StoredTransfer stored(Decision<?> decision) {
        var attempt = decision.attempt();
        var transfer = decision.transfer();
        var refusal = decision.refusal();
        return new StoredTransfer(
                transfer,
                attempt.key().value(),
                attempt.fingerprint(),
                refusal == null ? 201 : refusal.type().status(),
                refusal == null
                        ? answers.write(TransferView.of(transfer, decision.parties()))
                        : answers.write(refusal(refusal, transfer, attempt.requestId())),
                decision.ruling() == null ? null : decision.ruling().ruleSet(),
                decision.ruling() == null ? null : answers.write(decision.ruling()),
                decision.ruling() == null || !transfer.state().isWaiting()
                        ? null
                        : answers.write(decision.ruling().limits()));
    }

    private static ProblemBody refusal(Problem refusal, Transfer transfer, String requestId) {
        return ProblemBody.of(refusal.with("transferId", transfer.id()), requestId);
    }
}
