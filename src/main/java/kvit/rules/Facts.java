package kvit.rules;

import java.time.Instant;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision may look at, for one side of what happens.
 *
 * @param counterparty the other side's country; null where there is none
 * @param channel null for the side that does nothing
 * @param instrument what the money comes from or goes to, on this side; null where nobody knows yet
 */
record Facts(
        Operation operation,
        Party party,
        @Nullable String counterparty,
        @Nullable Channel channel,
        Actor actor,
        Money amount,
        Instant at,
        @Nullable Instrument instrument) {}
