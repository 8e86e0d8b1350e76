package kvit.payout;

import java.time.Instant;
import java.util.UUID;
import java.util.function.LongConsumer;
import kvit.money.Currency;

/** Whoever has a claim to the money of payouts that do not arrive. */
public interface ReturnedMoney {

    /** What is known of a payout to tell who has. */
    record Origin(UUID payout, UUID customer, Currency currency, Instant askedAt) {}

    /** Whether somebody waits for the money of this payout, so that it must not be sent. */
    boolean isAwaited(Origin origin);

    /**
     * Locks those who wait for it; before the accounts of the payout are locked.
     *
     * @return what to call in the same transaction once it is in the wallet again, with how much
     *     that is in minor units
     */
    LongConsumer lockAwaiting(Origin origin);
}
