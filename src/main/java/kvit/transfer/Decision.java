package kvit.transfer;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import kvit.identity.Person;
import kvit.ledger.Outcome;
import kvit.problem.Problem;
import kvit.rules.Demand;
import org.jspecify.annotations.Nullable;

/**
 * What became of an attempt.
 *
 * @param transfer the row to keep
 * @param refusal why it was refused; null when the money has moved or is held, or will unless the
 *     ledger refuses
 * @param ruling what the rules said; null where they were not asked
 * @param parties payer and payee as they were when it was decided; of one that is refused from the
 *     start, nobody
 * @param <O> the kind of order
 */
record Decision<O>(
        Attempt<O> attempt,
        Transfer transfer,
        @Nullable Problem refusal,
        @Nullable Ruling ruling,
        List<Person> parties) {

    /** Allowed as far as people go; the ledger has not spoken yet. */
    static <O> Decision<O> allowed(
            Attempt<O> attempt, Transfer transfer, Person payer, Person payee) {
        return new Decision<>(attempt, transfer, null, null, List.of(payer, payee));
    }

    static <O> Decision<O> refused(Attempt<O> attempt, Transfer transfer, Problem refusal) {
        return new Decision<>(
                attempt, transfer.declined(refusal.type().code()), refusal, null, List.of());
    }

    /** The same, made by these rules. */
    Decision<O> by(Ruling rules) {
        return new Decision<>(attempt, transfer, refusal, rules, parties);
    }

    /** The same where it has turned out that the payer has to confirm it. */
    Decision<O> waiting(Transfer waits) {
        var demanding = ruling == null ? null : ruling.demanding(Demand.CONFIRMATION);
        return new Decision<>(attempt, waits, refusal, demanding, parties);
    }

    /** Whether it waits for something, by what is known of it before anything is counted. */
    boolean hasToWait() {
        return isAllowed()
                && (transfer.phone() != null || (ruling != null && !ruling.demands().isEmpty()));
    }

    /** The same as it is made where something has to come first. */
    Decision<O> made(Transfer demanded) {
        return new Decision<>(attempt, demanded, refusal, ruling, parties);
    }

    boolean isAllowed() {
        return refusal == null;
    }

    /** The same decisions after the ledger's word on those that were allowed. */
    static <O> List<Decision<O>> settle(List<Decision<O>> decisions, List<Outcome> outcomes) {
        Map<UUID, Outcome> byPosting =
                outcomes.stream()
                        .collect(Collectors.toMap(it -> it.move().id(), Function.identity()));
        return decisions.stream().map(it -> it.settled(byPosting.get(it.transfer.id()))).toList();
    }

    private Decision<O> settled(@Nullable Outcome outcome) {
        if (outcome == null) {
            return this;
        }
        if (outcome.refusal() != null) {
            var refused = refused(attempt, transfer, outcome.refusal());
            return ruling == null ? refused : refused.by(ruling);
        }
        var made = transfer.state().isWaiting() ? transfer : transfer.completed(outcome.at());
        return new Decision<>(attempt, made, null, ruling, parties);
    }
}
