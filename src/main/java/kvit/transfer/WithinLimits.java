package kvit.transfer;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.ledger.Outcome;
import kvit.ledger.Posting;
import kvit.ledger.Proviso;
import kvit.problem.Problem;
import kvit.rules.Limit;
import kvit.rules.Limits;
import org.jspecify.annotations.Nullable;

/** Lets a transfer be posted while it fits into the limits of both people, and counts it. */
class WithinLimits implements Proviso {

    private final Map<UUID, Decision<?>> decisions = new HashMap<>();
    private final Limits.Count count;

    WithinLimits(Limits limits, Collection<? extends Decision<?>> decisions, Instant now) {
        decisions.forEach(it -> this.decisions.put(it.transfer().id(), it));
        this.count =
                limits.count(decisions.stream().flatMap(it -> limits(it).stream()).toList(), now);
    }

    @Override
    public @Nullable Problem refusal(Posting posting) {
        var decision = decision(posting);
        return count.refusal(limits(decision), decision.transfer().amount());
    }

    @Override
    public void posted(Outcome outcome) {
        var decision = decision(outcome.posting());
        count.add(limits(decision), decision.transfer().amount(), outcome.at());
    }

    /** Stores what was counted. */
    void write() {
        count.write();
    }

    private Decision<?> decision(Posting posting) {
        return Objects.requireNonNull(decisions.get(posting.id()));
    }

    private static List<Limit> limits(Decision<?> decision) {
        return decision.ruling() == null ? List.of() : decision.ruling().limits();
    }
}
