package kvit.rules;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that were made about transfers, to be explained, or made again by other rules. Whoever
 * lets the rules decide keeps what they looked at.
 */
public interface PastDecisions {

    /**
     * One of them.
     *
     * @param ruleSet the version of the rules that decided
     * @param instrument what the payer paid with
     * @param demanded what it needed before the money moved, also by what was counted then
     * @param refusal the code of the problem it was refused with in the end, by the rules or not;
     *     null when the money moved
     */
    record Past(
            UUID transfer,
            Instant at,
            Actor actor,
            Party payer,
            Party payee,
            Channel channel,
            Instrument instrument,
            Money amount,
            long ruleSet,
            Set<Demand> demanded,
            @Nullable String refusal) {}

    Optional<Past> find(UUID transfer);

    /** In the order of time, beginning after that transfer; null is from the first since then. */
    List<Past> since(Instant from, @Nullable UUID after, int atMost);
}
