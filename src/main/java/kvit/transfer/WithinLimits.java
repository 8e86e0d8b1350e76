package kvit.transfer;

import static kvit.ledger.LedgerProblem.BALANCE_OUT_OF_RANGE;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import kvit.ledger.Move;
import kvit.ledger.Outcome;
import kvit.ledger.Posting;
import kvit.ledger.Proviso;
import kvit.problem.Problem;
import kvit.rules.Limit;
import kvit.rules.Limit.Tally;
import kvit.rules.Limits;
import kvit.rules.Operation;
import kvit.rules.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * Lets a transfer be posted, or its money be held, while it fits into the limits of both people;
 * and has one held that its payer has to confirm, because of what they have moved since they last
 * confirmed one. Counts what is posted, also where nothing limits it today.
 */
class WithinLimits implements Proviso {

    /** By whose word a transfer moves that is counted now. */
    enum Word {
        /** The payer's as they sent it. */
        SENT,
        /** They confirmed it some time ago, and something else had to be waited for. */
        CONFIRMED_BEFORE,
        /** They are confirming it. */
        CONFIRMED
    }

    /**
     * A transfer that may move money.
     *
     * @param limits that it has to keep to
     * @param thresholds that it has to keep to where nobody is to confirm it
     */
    record Candidate(Transfer transfer, List<Limit> limits, List<Threshold> thresholds, Word word) {

        /** Of a payee whom nobody knows yet nothing is counted. */
        private List<Tally> tallies() {
            var payee = transfer.payee();
            return payee == null
                    ? List.of(sending())
                    : List.of(
                            sending(),
                            new Tally(payee, transfer.amount().currency(), Operation.RECEIVE));
        }

        private Tally sending() {
            return sending(transfer);
        }

        /** What is counted of whoever pays for it. */
        static Tally sending(Transfer transfer) {
            return new Tally(transfer.payer(), transfer.amount().currency(), Operation.SEND);
        }
    }

    private final Map<UUID, Candidate> candidates = new HashMap<>();
    private final Map<UUID, Transfer> toConfirm = new HashMap<>();
    private final UnaryOperator<Transfer> waiting;
    private final Limits.Count count;

    /**
     * @param waiting makes of a transfer that would move at once one that waits for its payer
     */
    WithinLimits(
            Limits limits,
            Collection<Candidate> candidates,
            UnaryOperator<Transfer> waiting,
            Instant now) {
        this.waiting = waiting;
        candidates.forEach(it -> this.candidates.put(it.transfer().id(), it));
        this.count =
                limits.count(
                        candidates.stream().flatMap(it -> it.tallies().stream()).toList(),
                        candidates.stream().flatMap(it -> it.limits().stream()).toList(),
                        now);
    }

    /** Says all that there is to say once it is {@link #write written} what was counted. */
    @Override
    public @Nullable Problem refusal(Move move) {
        var candidate = candidate(move);
        return count.refusalOfMany(candidate.limits(), candidate.transfer().amount());
    }

    /** The same of one that moves later; says all of it at once. */
    @Nullable Problem refusal(Transfer transfer) {
        var candidate = Objects.requireNonNull(candidates.get(transfer.id()));
        return count.refusal(candidate.limits(), candidate.transfer().amount());
    }

    @Override
    public Move instead(Move move) {
        var candidate = candidate(move);
        var transfer = candidate.transfer();
        if (!needsConfirmation(candidate)) {
            if (transfer.state() == TransferState.UNCLAIMED) {
                // It moves without another word, and what comes after it in this list has to know.
                count.expect(candidate.sending(), transfer.amount());
            }
            return move;
        }
        var waits = waiting.apply(transfer);
        toConfirm.put(waits.id(), waits);
        return waits.move("transfer");
    }

    /**
     * Counts what may move yet as if it had, for what is decided after it. Not to be written: each
     * is counted when it moves.
     */
    void expecting(Collection<Candidate> underWay, Instant now) {
        for (var each : underWay) {
            var transfer = each.transfer();
            count.add(each.tallies(), transfer.id(), transfer.amount(), now);
            if (each.word() != Word.SENT) {
                count.lastWasConfirmed(each.sending(), transfer.amount());
            }
        }
    }

    /**
     * Counts, for thresholds alone, what may move yet and was not confirmed. What is decided after
     * it may be written all the same.
     */
    void expectingOnWord(Collection<Candidate> underWay) {
        underWay.stream()
                .filter(it -> it.word() == Word.SENT)
                .forEach(it -> count.expect(it.sending(), it.transfer().amount()));
    }

    /** Whether its payer has to confirm it, because of what they have moved until now. */
    boolean needsConfirmation(Transfer transfer) {
        return needsConfirmation(Objects.requireNonNull(candidates.get(transfer.id())));
    }

    private boolean needsConfirmation(Candidate candidate) {
        return count.needsConfirmation(candidate.thresholds(), candidate.transfer().amount());
    }

    @Override
    public void posted(Outcome outcome) {
        var candidate = candidate(outcome.move());
        var amount = candidate.transfer().amount();
        count.add(candidate.tallies(), candidate.transfer().id(), amount, outcome.at());
        switch (candidate.word()) {
            case SENT -> {}
            case CONFIRMED_BEFORE -> count.lastWasConfirmed(candidate.sending(), amount);
            case CONFIRMED -> count.confirmed(candidate.sending());
        }
    }

    /** Those whose money was to be held instead, as they wait, by their ids. */
    Map<UUID, Transfer> toConfirm() {
        return toConfirm;
    }

    /**
     * For a charge and the transfer that it pays for, which have been asked about already: the
     * transfer counts, and moves with what comes in for it or not at all. The wallet could cover it
     * by chance, and was not asked to.
     */
    Proviso following(Posting charge) {
        return new Proviso() {

            private boolean hasComeIn;

            @Override
            public @Nullable Problem refusal(Move move) {
                return hasComeIn || move.id().equals(charge.id())
                        ? null
                        : BALANCE_OUT_OF_RANGE.because("What was charged cannot be counted.");
            }

            @Override
            public void posted(Outcome outcome) {
                if (outcome.move().id().equals(charge.id())) {
                    hasComeIn = true;
                } else {
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
