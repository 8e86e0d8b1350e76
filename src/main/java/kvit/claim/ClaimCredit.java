package kvit.claim;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Our own money, in the wallet of somebody whose claim takes its time.
 *
 * @param id of the posting
 * @param back null while they have it
 */
record ClaimCredit(
        UUID id,
        UUID claim,
        Money amount,
        ClaimWord given,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ClaimWord back) {

    /** Whose doing it was, by e-mail, and why. */
    record ClaimWord(String reason, String proposedBy, String approvedBy, Instant at) {}

    boolean isOut() {
        return back == null;
    }

    /** Of the posting, so that a claim is credited once. */
    static UUID id(UUID claim) {
        return Ids.named(claim, "credit");
    }

    static UUID returnId(UUID claim) {
        return Ids.named(claim, "credit-return");
    }
}
