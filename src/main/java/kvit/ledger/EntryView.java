package kvit.ledger;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;

/** One line of an account's statement. */
public record EntryView(
        UUID account,
        long sequence,
        UUID posting,
        String kind,
        Money amount,
        Money balanceAfter,
        Instant at) {}
