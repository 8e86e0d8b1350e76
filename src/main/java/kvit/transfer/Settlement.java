package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
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

    private final TransferStore store;
    private final UnderWay underWay;
    private final ShareClaims shareClaims;
    private final Frozen frozen;
    private final Limits limits;
    private final Ledger ledger;
    private final Outbox outbox;
    private final TransferMetrics metrics;
    private final Clock clock;

    Settlement(
            TransferStore store,
            UnderWay underWay,
            ShareClaims shareClaims,
            Frozen frozen,
            Limits limits,
            Ledger ledger,
            Outbox outbox,
            TransferMetrics metrics,
            Clock clock) {
        this.store = store;
        this.underWay = underWay;
        this.shareClaims = shareClaims;
        this.frozen = frozen;
        this.limits = limits;
        this.ledger = ledger;
        this.outbox = outbox;
        this.metrics = metrics;
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
        shareClaims.lock(List.of(waiting));
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
        shareClaims.lock(List.of(waiting));
        var payee = Objects.requireNonNull(waiting.payee());
        var candidate =
                new WithinLimits.Candidate(
                        waiting, underWay.limits(stored), List.of(), underWay.word(stored));
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
            decline(waiting, refusal.type().code(), null);
            return refusal;
        }
        var moves =
                List.of(
                        charge,
                        waiting.held().isPositive()
                                ? posting.capturingAllOf(waiting.id())
                                : posting);
        var outcomes = ledger.post(moves, withinLimits.following(charge));
        withinLimits.write();
        var moved = outcomes.get(1);
        if (moved.refusal() == null) {
            write(List.of(new TransferStore.Change(waiting.settled(moved.at()), null)));
        } else {
            decline(waiting, moved.refusal().type().code(), null);
        }
        return outcomes.get(0).refusal();
    }

    /** It has come to nothing, and what was held of the wallet is available again. */
    Transfer decline(Transfer waiting, String code, @Nullable Review review) {
        var declined = waiting.rejected(code);
        end(List.of(declined), review);
        return declined;
    }

    private Settled post(TransferStore.Stored stored, @Nullable Review review) {
        var waiting = stored.transfer();
        var candidate =
                new WithinLimits.Candidate(
                        waiting,
                        underWay.limits(stored),
                        List.of(),
                        review == null ? WithinLimits.Word.CONFIRMED : underWay.word(stored));
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

    /** It waits on, for somebody who looks at it. */
    void awaitReview(Transfer confirmed) {
        shareClaims.lock(List.of(confirmed));
        limits.confirmed(WithinLimits.Candidate.sending(confirmed));
        write(List.of(new TransferStore.Change(confirmed, null)));
    }

    /** They have come to nothing, and their money is available again. */
    void end(List<Transfer> ended, @Nullable Review review) {
        if (ended.isEmpty()) {
            return;
        }
        shareClaims.lock(ended);
        release(ended);
        write(ended.stream().map(it -> new TransferStore.Change(it, review)).toList());
    }

    /** Of what a card is to pay all of, nothing is held. */
    private void release(List<Transfer> transfers) {
        var held = transfers.stream().filter(it -> it.held().isPositive()).toList();
        if (!held.isEmpty()) {
            ledger.release(
                    new HashSet<>(held.stream().map(Transfer::wallet).toList()),
                    held.stream().map(Transfer::id).toList());
        }
    }

    private void write(List<TransferStore.Change> changes) {
        store.update(changes);
        var transfers = new ArrayList<Transfer>();
        changes.forEach(it -> transfers.add(it.transfer()));
        shareClaims.became(transfers);
        outbox.add(transfers.stream().map(TransferEvents::of).toList());
        metrics.countWhenCommitted(transfers);
    }
}
