package kvit.topup;

import java.time.Instant;
import java.util.UUID;
import java.util.function.LongConsumer;
import kvit.money.Currency;

/** Whoever has a claim to what cards were charged and cardholders contest; kept elsewhere. */
public interface ContestedMoney {

    /**
     * What is known of a refund that came to nothing, to tell who has.
     *
     * @param topUp whose money was to go back
     * @param askedAt when it was taken out of the wallet for that
     */
    record Origin(UUID refund, UUID customer, UUID topUp, Currency currency, Instant askedAt) {}

    /**
     * Locks those who wait for it; before the wallet and card clearing are locked.
     *
     * @return what to call in the same transaction once it is in the wallet again, with how much
     *     that is in minor units
     */
    LongConsumer lockAwaiting(Origin origin);
}
