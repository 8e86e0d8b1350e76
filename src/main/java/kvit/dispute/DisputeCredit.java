package kvit.dispute;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Our own money, in the wallet of somebody whose own is held for a dispute, until it is taken back.
 *
 * @param id of the posting
 * @param back null while they have it
 */
record DisputeCredit(
        UUID id,
        UUID dispute,
        Money amount,
        Word given,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Word back) {

    /**
     * Whose doing it was, by e-mail, and why.
     *
     * @param proposedBy null where the end of the dispute has done it; and so is the other one
     */
    record Word(
            String reason, @Nullable String proposedBy, @Nullable String approvedBy, Instant at) {}
}
