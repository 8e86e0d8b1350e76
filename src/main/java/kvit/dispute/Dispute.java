package kvit.dispute;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A charge that a cardholder contests, and whose money the processor has taken back.
 *
 * @param id of the hold as well, and of the posting that takes the money back
 * @param charge the processor's name of what is contested
 * @param name the processor's name of the dispute
 * @param held what of the amount the wallet still had
 * @param reason the card scheme's word for why
 * @param at when the money was taken, by the processor's clock
 * @param deadline when it is lost, unless it was won
 * @param lostAt null unless it was lost, for a while or for good
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
        @Nullable Instant lostAt) {}
