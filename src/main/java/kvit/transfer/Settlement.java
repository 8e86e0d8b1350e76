package kvit.transfer;

import static kvit.transfer.TransferProblem.CHARGE_CONTESTED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.rules.Limit;
import kvit.rules.Limits;
import kvit.source.Clock;
import kvit.topup.Charges;
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
    private final Charges charges;
    private final Arrivals arrivals;
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
            Charges charges,
            Arrivals arrivals,
            Outbox outbox,
            TransferMetrics metrics,
            Clock clock) {
        this.store = store;
        this.underWay = underWay;
        this.shareClaims = shareClaims;
        this.frozen = frozen;
        this.limits = limits;
        this.ledger = ledger;
        this.charges = charges;
        this.arrivals = arrivals;
        this.outbox = outbox;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Moves the money that is held. What people may do is asked again, and so is what fits into
     * their limits, because others may have been quicker; a refusal declines the transfer. Of the
     * rules of countries only sanctions are asked again: whatever else is under way settles. Where
     * the payee is not here, or cannot receive yet, it waits on for them.
     *
     * @param review who has let it through; null where nobody has to, and its payer has just
     *     confirmed it
     */
    Settled complete(StoredTransfer stored, @Nullable Review review) {
        var waiting = stored.transfer();
        shareClaims.lock(List.of(waiting));
        var held = frozen.refusal(waiting);
        if (held == null && arrivals.isAwaited(stored)) {
            return await(stored, review);
        }
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
    @Nullable Problem completeCharged(StoredTransfer stored, Posting charge) {
        var waiting = stored.transfer();
        shareClaims.lock(List.of(waiting));
        var candidate =
                new WithinLimits.Candidate(
                        waiting, underWay.limits(stored), List.of(), underWay.word(stored));
        var refusal = frozen.refusal(waiting);
        var withinLimits =
                new WithinLimits(
                        limits, List.of(candidate), UnaryOperator.identity(), clock.instant());
        if (refusal == null) {
            refusal = withinLimits.refusal(waiting);
        }
        if (refusal == null && arrivals.isAwaited(stored)) {
            return awaitCharged(stored, charge);
        }
        if (refusal != null) {
            decline(waiting, refusal.type().code(), null);
            return refusal;
        }
        var posting = waiting.posting("transfer", clock.instant());
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

    /** All of its money is in the wallet now, and held there until its payee is here. */
    private @Nullable Problem awaitCharged(StoredTransfer stored, Posting charge) {
        var waiting = stored.transfer();
        var refusal = ledger.post(List.of(charge)).get(0).refusal();
        if (refusal != null) {
            decline(waiting, refusal.type().code(), null);
            return refusal;
        }
        if (waiting.held().isPositive()) {
            ledger.release(waiting.wallet(), waiting.id());
        }
        // By the charge's id: when it comes to nothing, the one part goes back to the card.
        ledger.place(waiting.wallet(), charge.id(), waiting.amount(), null);
        write(List.of(new TransferStore.Change(unclaimed(stored), null)));
        return null;
    }

    private Settled await(StoredTransfer stored, @Nullable Review review) {
        if (review == null) {
            limits.confirmed(WithinLimits.Candidate.sending(stored.transfer()));
        }
        var awaited = unclaimed(stored);
        write(List.of(new TransferStore.Change(awaited, review)));
        return new Settled(awaited, null);
    }

    private Transfer unclaimed(StoredTransfer stored) {
        return stored.transfer().unclaimed(clock.instant().plus(arrivals.within(stored)));
    }

    /** Its payee is known by now, and has something to do before the money is theirs. */
    Settled waitOn(Transfer claimed) {
        shareClaims.lock(List.of(claimed));
        write(List.of(new TransferStore.Change(claimed, null)));
        return new Settled(claimed, null);
    }

    /**
     * Its payee is known by now, and somebody has to look at that.
     *
     * @param ruled the limits that it is held against from now on
     */
    Settled lookAt(Transfer claimed, List<Limit> ruled) {
        shareClaims.lock(List.of(claimed));
        // First: once it waits for somebody who looks at it, what it is held against is settled.
        store.limited(claimed, underWay.written(ruled));
        write(List.of(new TransferStore.Change(claimed, null)));
        return new Settled(claimed, null);
    }

    /**
     * Moves money that has waited for its payee, who is here. Whether it may be was asked before,
     * but for limits and funds.
     *
     * @param claimed the same with its payee
     * @param ruled the limits that it is held against, which are those of now
     */
    Settled arrive(StoredTransfer stored, Transfer claimed, List<Limit> ruled) {
        shareClaims.lock(List.of(claimed));
        var settled = post(claimed, ruled, underWay.word(stored));
        var at = settled.transfer().completedAt();
        if (at != null && !at.isBefore(Objects.requireNonNull(claimed.expiresAt()))) {
            throw new MoneyTransactions.Superseded("its time has ended while it was being claimed");
        }
        if (settled.refusal() != null) {
            release(List.of(claimed));
        }
        write(List.of(new TransferStore.Change(settled.transfer(), null)));
        if (settled.refusal() == null) {
            outbox.add(List.of(TransferClaimed.of(settled.transfer())));
        }
        return settled;
    }

    /** It has come to nothing, and what was held of the wallet is available again. */
    Transfer decline(Transfer waiting, String code, @Nullable Review review) {
        var declined = waiting.rejected(code);
        end(List.of(declined), review);
        return declined;
    }

    private Settled post(StoredTransfer stored, @Nullable Review review) {
        return post(
                stored.transfer(),
                underWay.limits(stored),
                review == null ? WithinLimits.Word.CONFIRMED : underWay.word(stored));
    }

    private Settled post(Transfer waiting, List<Limit> ruled, WithinLimits.Word word) {
        var candidate = new WithinLimits.Candidate(waiting, ruled, List.of(), word);
        var withinLimits =
                new WithinLimits(
                        limits, List.of(candidate), UnaryOperator.identity(), clock.instant());
        var posting = waiting.posting("transfer", clock.instant()).capturing(hold(waiting));
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

    /**
     * Of one that a card has paid for, in a charge that is contested now: who is to have the money
     * is for the dispute to say, and no longer for a claim, a cancellation or the end of its time.
     * What was delivered stays where it is.
     *
     * @return what to call once its accounts are locked, too: it has come to nothing then, and all
     *     that was held for it is available
     */
    Runnable lockContested(Transfer paid) {
        if (!paid.state().isWaiting()) {
            return () -> {};
        }
        shareClaims.lock(List.of(paid));
        var hold = hold(paid);
        return () -> {
            ledger.release(paid.wallet(), hold);
            var contested = paid.rejected(CHARGE_CONTESTED.code());
            write(List.of(new TransferStore.Change(contested, null)));
        };
    }

    /** What pays for it: held from the beginning, or since a card was charged. */
    private UUID hold(Transfer waiting) {
        return charge(waiting).orElse(waiting.id());
    }

    /** Of one that a card has paid for, and whose money is in the wallet. */
    private Optional<UUID> charge(Transfer waiting) {
        return waiting.isPaidByCard() ? charges.inWallet(waiting.id()) : Optional.empty();
    }

    /** Whether its card is to be charged before it can go on. */
    boolean isToBeCharged(Transfer waiting) {
        return waiting.isPaidByCard() && charge(waiting).isEmpty();
    }

    /** Of what a card is to pay all of, nothing is held. What a card has paid goes back to it. */
    private void release(List<Transfer> transfers) {
        var charged = charged(transfers);
        if (!charged.isEmpty()) {
            // All of them before those that are given back, because they are locked in one order.
            var accounts = new HashSet<Account>();
            transfers.forEach(it -> accounts.add(it.wallet()));
            charged.forEach(it -> accounts.add(Account.cardClearing(it.amount().currency())));
            ledger.lock(accounts);
            charges.giveBack(charged.stream().map(Transfer::id).toList());
        }
        var held =
                transfers.stream()
                        .filter(it -> it.held().isPositive() && !charged.contains(it))
                        .toList();
        if (!held.isEmpty()) {
            ledger.release(
                    new HashSet<>(held.stream().map(Transfer::wallet).toList()),
                    held.stream().map(Transfer::id).toList());
        }
    }

    private List<Transfer> charged(List<Transfer> transfers) {
        var paid = transfers.stream().filter(Transfer::isPaidByCard).toList();
        if (paid.isEmpty()) {
            return paid;
        }
        var inWallet = charges.inWallet(paid.stream().map(Transfer::id).toList());
        return paid.stream().filter(it -> inWallet.contains(it.id())).toList();
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
