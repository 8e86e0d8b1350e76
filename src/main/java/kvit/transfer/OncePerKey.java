package kvit.transfer;

import static kvit.transfer.TransferProblem.IDEMPOTENCY_KEY_REUSED;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Event;
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
    private final MoneyTransactions transactions;
    private final People people;
    private final Outbox outbox;
    private final ObjectMapper json;
    private final MeterRegistry metrics;

    OncePerKey(
            TransferStore store,
            MoneyTransactions transactions,
            People people,
            Outbox outbox,
            ObjectMapper json,
            MeterRegistry metrics) {
        this.store = store;
        this.transactions = transactions;
        this.people = people;
        this.outbox = outbox;
        this.json = json;
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
        var outcome = transactions.keyed(() -> inTransaction(attempts, decide));
        outcome.stored.forEach(this::count);
        return outcome.answers;
    }

    /** Whether the key was used before, for whatever request. */
    boolean isKnown(Attempt<?> attempt) {
        return !store.byKeys(List.of(attempt.owned())).isEmpty();
    }

    private record Outcome(List<Answer> answers, List<TransferStore.Stored> stored) {}

    private <O> Outcome inTransaction(
            List<Attempt<O>> attempts, Function<List<Attempt<O>>, List<Decision<O>>> decide) {
        var known = store.byKeys(attempts.stream().map(Attempt::owned).toList());
        var fresh = new LinkedHashMap<Attempt.Owned, Attempt<O>>();
        for (var attempt : attempts) {
            if (!known.containsKey(attempt.owned())) {
                fresh.putIfAbsent(attempt.owned(), attempt);
            }
        }
        var stored =
                fresh.isEmpty() ? List.<TransferStore.Stored>of() : settle(fresh.values(), decide);
        stored.forEach(it -> known.put(it.owned(), it));

        var answers = new ArrayList<Answer>();
        for (var attempt : attempts) {
            // Of two in one list with one key the first is the transfer and the second its replay.
            var isFirst = fresh.remove(attempt.owned(), attempt);
            answers.add(answer(attempt, known, !isFirst));
        }
        return new Outcome(answers, stored);
    }

    private <O> List<TransferStore.Stored> settle(
            Collection<Attempt<O>> fresh, Function<List<Attempt<O>>, List<Decision<O>>> decide) {
        var decisions = decide.apply(List.copyOf(fresh));
        var persons = people.byIds(persons(decisions));
        var stored = decisions.stream().map(it -> stored(it, persons)).toList();
        if (store.insert(stored) < stored.size()) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
        outbox.add(stored.stream().map(it -> event(it.transfer())).toList());
        return stored;
    }

    private <O> Answer answer(
            Attempt<O> attempt, Map<Attempt.Owned, TransferStore.Stored> known, boolean replayed) {
        var first = known.get(attempt.owned());
        if (first == null) {
            throw new IllegalStateException("undecided: " + attempt.owned());
        }
        if (!first.fingerprint().equals(attempt.fingerprint())) {
            var refusal =
                    IDEMPOTENCY_KEY_REUSED
                            .because(
                                    "Its first use is another request; take a new key for a new one.")
                            .with("transferId", first.transfer().id());
            return new Answer(
                    refusal.type().status(),
                    write(ProblemBody.of(refusal, attempt.requestId())),
                    false);
        }
        return new Answer(first.status(), first.body(), replayed);
    }

    private <O> TransferStore.Stored stored(Decision<O> decision, Map<UUID, Person> persons) {
        var attempt = decision.attempt();
        var transfer = decision.transfer();
        var refusal = decision.refusal();
        return new TransferStore.Stored(
                transfer,
                attempt.key().value(),
                attempt.fingerprint(),
                refusal == null ? 201 : refusal.type().status(),
                refusal == null
                        ? write(TransferView.of(transfer, persons))
                        : write(refusal(refusal, transfer, attempt.requestId())),
                decision.ruling() == null ? null : decision.ruling().ruleSet(),
                decision.ruling() == null ? null : write(decision.ruling()));
    }

    private static ProblemBody refusal(Problem refusal, Transfer transfer, String requestId) {
        return ProblemBody.of(refusal.with("transferId", transfer.id()), requestId);
    }

    private static <O> Set<UUID> persons(List<Decision<O>> decisions) {
        var persons = new LinkedHashSet<UUID>();
        for (var decision : decisions) {
            persons.add(decision.transfer().payer());
            if (decision.transfer().payee() != null) {
                persons.add(decision.transfer().payee());
            }
        }
        return persons;
    }

    private static Event event(Transfer transfer) {
        if (transfer.declineCode() != null) {
            return new TransferDeclined(
                    transfer.id(), transfer.payer(), transfer.amount(), transfer.declineCode());
        }
        if (transfer.payee() == null || transfer.completedAt() == null) {
            throw new IllegalStateException("completed without a payee: " + transfer.id());
        }
        return new TransferCompleted(
                transfer.id(),
                transfer.payer(),
                transfer.payee(),
                transfer.amount(),
                transfer.refundOf(),
                transfer.conversation(),
                transfer.completedAt());
    }

    private String write(Object body) {
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is a plain record", e);
        }
    }

    /** After the commit, or a rollback would be counted too. */
    private void count(TransferStore.Stored stored) {
        metrics.counter(
                        "kvit.transfers",
                        "state",
                        stored.transfer().state().name().toLowerCase(Locale.ROOT),
                        "kind",
                        stored.transfer().refundOf() == null ? "transfer" : "refund")
                .increment();
    }
}
