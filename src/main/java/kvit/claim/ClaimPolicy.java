package kvit.claim;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a country wants of a claim.
 *
 * @param firstDays business days of that country, the day of the claim not counted
 * @param due what is due by then, unless the claim has ended
 * @param lastDays days within which it has ended, where its customer has the money meanwhile; null
 *     where that makes no difference
 * @param legalReference where that is written
 * @param whileNew what it wants instead of a transfer to or from a wallet that is new; null: the
 *     same
 */
record ClaimPolicy(
        int firstDays,
        Due due,
        @Nullable Integer lastDays,
        String legalReference,
        @Nullable WhileNew whileNew) {

    /**
     * More time, because little is known of a wallet at first.
     *
     * @param days for how long after its first deposit it is new
     */
    record WhileNew(int days, int firstDays, int lastDays, String legalReference) {}

    enum Due {
        /** The money, for good. */
        @JsonProperty("refund")
        REFUND,
        /** The money, for the time being; then there is more time. */
        @JsonProperty("credit")
        CREDIT,
        /** A word. */
        @JsonProperty("answer")
        ANSWER
    }

    /**
     * What it wants of something that was done then.
     *
     * @param firstDeposit when the wallet was paid into for the first time; null: never
     */
    ClaimPolicy of(Instant done, @Nullable Instant firstDeposit) {
        if (whileNew == null
                || firstDeposit == null
                || done.isAfter(firstDeposit.plus(Duration.ofDays(whileNew.days())))) {
            return this;
        }
        return new ClaimPolicy(
                whileNew.firstDays(), due, whileNew.lastDays(), whileNew.legalReference(), null);
    }

    /** Until when it has ended, for whoever has the money meanwhile; null without such a day. */
    @Nullable Instant lastOf(Instant opened) {
        return lastDays == null ? null : opened.plus(Duration.ofDays(lastDays));
    }
}
