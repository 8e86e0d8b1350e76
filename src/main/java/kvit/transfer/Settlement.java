package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.rules.Demand;
import kvit.rules.Limit;
import kvit.rules.Limits;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Brings transfers that wait to their end, in the transaction of whoever has them under lock: the
 * money, the state and the event are durable together, or nothing is.
 */
@ApplicationScoped
class Settlement {

    /**
     * What has become of a transfer.
     *
     * @param refusal why it was declined; null when the money has moved
     */
    record Settled(Transfer transfer, @Nullable Problem refusal) {

        private static Settled declined(Transfer waiting, Problem refusal) {
            return new Settled(waiting.rejected(refusal.type().code()), refusal);
        }
    }

    /** Of what is kept of a ruling, what it demanded. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Said(Set<Demand> demands) {}

    private final TransferStore store;
    private final Frozen frozen;
    private final Limits limits;
    private final Ledger ledger;
    private final Outbox outbox;
    private final TransferMetrics metrics;
    private final ObjectMapper json;
    private final Clock clock;

    Settlement(
            TransferStore store,
            Frozen frozen,
            Limits limits,
            Ledger ledger,
            Outbox outbox,
            TransferMetrics metrics,
            ObjectMapper json,
            Clock clock) {
        this.store = store;
        this.frozen = frozen;
        this.limits = limits;
        this.ledger = ledger;
        this.outbox = outbox;
        this.metrics = metrics;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Moves the money that is held. What people may do is asked again, and so is what fits into
     * their limits, because others may have been quicker; a refusal declines the transfer. Of the
     * rules of countries only sanctions are asked again: whatever else is under way settles.
     *
     * @param review who has let it through; null where nobody has to, and its payer has just
     *     confirmed it
     */
    Settled complete(TransferStore.Stored stored, @Nullable Review review) {
        var waiting = stored.transfer();
        var payee = Objects.requireNonNull(waiting.payee());
        var held =
                frozen.know(List.of(waiting.payer(), payee))
                        .refusal(waiting.payer(), payee, waiting.amount());
        var settled = held == null ? post(stored, review) : Settled.declined(waiting, held);
        if (settled.refusal() != null) {
            release(List.of(waiting));
        }
        write(List.of(new TransferStore.Change(settled.transfer(), review)));
        return settled;
    }

    /**
     * A card was charged for it: its money comes in and goes on, with what was held of the wallet.
     * Who is frozen is asked again, and what fits into limits, before anything is posted.
     *
     * @param charge the posting that brings the money in
     * @return why it was declined, and nothing has come in; null where the money has come in. If
     *     the payee's account cannot count it, that is into the payer's wallet, and it stays there
     */
    @Nullable Problem completeCharged(TransferStore.Stored stored, Posting charge) {
        var waiting = stored.transfer();
        var payee = Objects.requireNonNull(waiting.payee());
        var candidate =
                new WithinLimits.Candidate(
                        waiting, limits(stored), List.of(), WithinLimits.Word.SENT);
        var refusal =
                frozen.know(List.of(waiting.payer(), payee))
                        .refusal(waiting.payer(), payee, waiting.amount());
        var withinLimits =
                new WithinLimits(
                        limits, List.of(candidate), UnaryOperator.identity(), clock.instant());
        var posting = waiting.posting("transfer", clock.instant());
        if (refusal == null) {
            refusal = withinLimits.refusal(posting);
        }
        if (refusal != null) {
            declineCharged(waiting, refusal.type().code());
            return refusal;
        }
        var moves =
                List.of(charge, isHeld(waiting) ? posting.capturingAllOf(waiting.id()) : posting);
        var outcomes = ledger.post(moves, withinLimits.only(waiting.id()));
        withinLimits.write();
        var moved = outcomes.get(1);
        if (moved.refusal() == null) {
            write(List.of(new TransferStore.Change(waiting.settled(moved.at()), null)));
        } else {
            declineCharged(waiting, moved.refusal().type().code());
        }
        return outcomes.get(0).refusal();
    }

    /** It has come to nothing, and what was held of the wallet is available again. */
    void declineCharged(Transfer waiting, String code) {
        if (isHeld(waiting)) {
            release(List.of(waiting));
        }
        write(List.of(new TransferStore.Change(waiting.rejected(code), null)));
    }

    private static boolean isHeld(Transfer waiting) {
        return waiting.heldBesides(Objects.requireNonNull(waiting.funding())).isPositive();
    }

    private Settled post(TransferStore.Stored stored, @Nullable Review review) {
        var waiting = stored.transfer();
        var candidate =
                new WithinLimits.Candidate(
                        waiting, limits(stored), List.of(), word(stored, review));
        var withinLimits =
                new WithinLimits(
                        limits, List.of(candidate), UnaryOperator.identity(), clock.instant());
        var posting = waiting.posting("transfer", clock.instant()).capturing(waiting.id());
        var outcome = ledger.post(List.of(posting), withinLimits).get(0);
        withinLimits.write();
        return outcome.refusal() == null
                ? new Settled(waiting.settled(outcome.at()), null)
                : Settled.declined(waiting, outcome.refusal());
    }

    /** Whoever looks at one that had to be confirmed looks at one that was. */
    private WithinLimits.Word word(TransferStore.Stored stored, @Nullable Review review) {
        if (review == null) {
            return WithinLimits.Word.CONFIRMED;
        }
        return read(stored, stored.ruling(), Said.class).demands().contains(Demand.CONFIRMATION)
                ? WithinLimits.Word.CONFIRMED_BEFORE
                : WithinLimits.Word.SENT;
    }

    private List<Limit> limits(TransferStore.Stored stored) {
        return List.of(read(stored, stored.limits(), Limit[].class));
    }

    private <T> T read(TransferStore.Stored stored, @Nullable String text, Class<T> type) {
        try {
            return json.readValue(
                    Objects.requireNonNull(text, "what waits was decided by rules"), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "what was said of a transfer cannot be read: " + stored.transfer().id(), e);
        }
    }

    /** It waits on, for somebody who looks at it. */
    void awaitReview(Transfer confirmed) {
        limits.confirmed(WithinLimits.Candidate.sending(confirmed));
        write(List.of(new TransferStore.Change(confirmed, null)));
    }

    /** They have come to nothing, and their money is available again. */
    void end(List<Transfer> ended, @Nullable Review review) {
        if (ended.isEmpty()) {
            return;
        }
        release(ended);
        write(ended.stream().map(it -> new TransferStore.Change(it, review)).toList());
    }

    private void release(List<Transfer> transfers) {
        ledger.release(
                new HashSet<>(transfers.stream().map(Transfer::wallet).toList()),
                transfers.stream().map(Transfer::id).toList());
    }

    private void write(List<TransferStore.Change> changes) {
        store.update(changes);
        var transfers = new ArrayList<Transfer>();
        changes.forEach(it -> transfers.add(it.transfer()));
        outbox.add(transfers.stream().map(TransferEvents::of).toList());
        metrics.countWhenCommitted(transfers);
    }
}
