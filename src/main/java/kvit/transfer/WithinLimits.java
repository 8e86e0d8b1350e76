package kvit.transfer;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.ledger.Move;
import kvit.ledger.Outcome;
import kvit.ledger.Proviso;
import kvit.problem.Problem;
import kvit.rules.Limit;
import kvit.rules.Limit.Tally;
import kvit.rules.Limits;
import kvit.rules.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Lets a transfer be posted, or its money be held, while it fits into the limits of both people.
 * Counts what is posted, also where nothing limits it today.
 */
class WithinLimits implements Proviso {

    /** A transfer that may move money, and the limits that it has to keep to. */
    record Candidate(Transfer transfer, List<Limit> limits) {

        private List<Tally> tallies() {
            var currency = transfer.amount().currency();
            return List.of(
                    new Tally(transfer.payer(), currency, Operation.SEND),
                    new Tally(
                            Objects.requireNonNull(transfer.payee()), currency, Operation.RECEIVE));
        }
    }

    private final Map<UUID, Candidate> candidates = new HashMap<>();
    private final Limits.Count count;

    WithinLimits(Limits limits, Collection<Candidate> candidates, Instant now) {
        candidates.forEach(it -> this.candidates.put(it.transfer().id(), it));
        this.count =
                limits.count(
                        candidates.stream().flatMap(it -> it.tallies().stream()).toList(),
                        candidates.stream().flatMap(it -> it.limits().stream()).toList(),
                        now);
    }

    @Override
    public @Nullable Problem refusal(Move move) {
        var candidate = candidate(move);
        return count.refusal(candidate.limits(), candidate.transfer().amount());
    }

    @Override
    public void posted(Outcome outcome) {
        var candidate = candidate(outcome.move());
        count.add(
                candidate.tallies(),
                candidate.transfer().id(),
                candidate.transfer().amount(),
                outcome.at());
    }

    /**
     * For a list that has been asked about already, and in which only this one counts: what comes
     * in for it moves with it.
     */
    Proviso only(UUID transfer) {
        return new Proviso() {
            @Override
            public @Nullable Problem refusal(Move move) {
                return null;
            }

            @Override
            public void posted(Outcome outcome) {
                if (outcome.move().id().equals(transfer)) {
                    WithinLimits.this.posted(outcome);
                }
            }
        };
    }

    /** Stores what was counted. */
    void write() {
        count.write();
    }

    private Candidate candidate(Move move) {
        return Objects.requireNonNull(candidates.get(move.id()));
    }
}
