package kvit.books;

import java.time.Instant;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * An account as it stands.
 *
 * @param owner the customer; null of accounts that are nobody's
 * @param balance a credit is positive: what we owe to a customer is
 * @param entries how many there are
 */
record AccountView(
        UUID id,
        Account.Kind kind,
        @Nullable UUID owner,
        Money balance,
        Money held,
        long entries,
        Instant openedAt,
        Instant movedAt) {}
