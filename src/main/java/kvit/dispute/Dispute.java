package kvit.dispute;

import static kvit.dispute.DisputeProblem.DISPUTE_SETTLED;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Posting.Line;
import kvit.money.Money;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A charge that a cardholder contests, and whose money the processor has taken back. What was won
 * may be taken back once more: that is another round, and a dispute of its own here.
 *
 * @param id of the posting that takes the money back as well
 * @param charge the processor's name of what is contested
 * @param name the processor's name of the dispute, in all of its rounds
 * @param held what of the amount its owner still had
 * @param reason the card scheme's word for why
 * @param at when the money was taken, by the processor's clock
 * @param deadline when it is lost, unless it was won
 * @param lostAt null unless it was lost, for a while or for good
 * @param round how often the money was taken by then
 * @param hold what holds it in the wallet; null where nothing is held
 * @param reversedAt when the processor gave it back, by its clock; null unless it was won
 * @param evidenceDueBy until when the processor takes what speaks for us; null where it has not
 *     said so
 */
record Dispute(
        UUID id,
        UUID customer,
        UUID card,
        UUID topUp,
        String charge,
        String processor,
        String name,
        Money amount,
        Money held,
        String reason,
        DisputeState state,
        Instant at,
        Instant receivedAt,
        Instant deadline,
        @Nullable Instant lostAt,
        int round,
        @Nullable UUID hold,
        @Nullable Instant reversedAt,
        @Nullable Instant evidenceDueBy) {

    /** Whether the processor did something after it gave the money back in this round. */
    boolean isReversedBefore(Instant moment) {
        return reversedAt != null && moment.isAfter(reversedAt);
    }

    /**
     * Whether a chargeback of that moment has been acted on, which the money is away by now or is
     * here again since. In the second in which it came back it may be of the round after as well.
     */
    boolean hasTaken(Instant moment) {
        return state == DisputeState.WON
                ? !moment.equals(reversedAt) || !moment.isAfter(at)
                : !moment.isAfter(at);
    }

    Account wallet() {
        return Account.wallet(customer, amount.currency());
    }

    /** What of it the wallet gets or bears, and what we do; none of nothing. */
    List<Line> shares(long wallets, long ours) {
        var lines = new ArrayList<Line>();
        if (wallets != 0) {
            lines.add(new Line(wallet(), wallets));
        }
        if (ours != 0) {
            lines.add(new Line(Account.losses(amount.currency()), ours));
        }
        return lines;
    }

    /**
     * This one, while something can be done about it.
     *
     * @throws Problem DISPUTE_SETTLED
     */
    Dispute requireOpen() {
        if (state != DisputeState.RECEIVED) {
            throw DISPUTE_SETTLED
                    .because("Nothing can be done about it any more.")
                    .with("state", DisputeView.Stage.valueOf(state.name()));
        }
        return this;
    }

    /** What of it nobody has ready in case that it stays away. */
    long lacks() {
        return amount.minor() - held.minor();
    }
}
