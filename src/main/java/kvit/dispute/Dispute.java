package kvit.dispute;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
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
        @Nullable Instant reversedAt) {

    /** Whether the processor did something after it gave the money back in this round. */
    boolean isReversedBefore(Instant moment) {
        return reversedAt != null && moment.isAfter(reversedAt);
    }

    /** What of it nobody has ready in case that it stays away. */
    long lacks() {
        return amount.minor() - held.minor();
    }
}
