package kvit.ledger;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Lines that are written together or not at all, and sum to zero in each currency.
 *
 * @param id the id of what caused it, so that one cause cannot be posted twice
 * @param kind what a statement says it was: {@code transfer}, {@code refund}
 * @param effectiveAt when it counts for accounting; when it was written is the ledger's to say
 * @param reverses the posting that this one takes back
 * @param captures the hold whose money this posting takes; what it leaves of the hold is released
 * @param takesMore whether it may take more than the hold has, and the rest from what is available
 */
public record Posting(
        UUID id,
        String kind,
        Instant effectiveAt,
        List<Line> lines,
        @Nullable UUID reverses,
        @Nullable UUID captures,
        boolean takesMore)
        implements Move {

    /** A signed amount on one account: a credit is positive. */
    public record Line(Account account, long minor) {

        public Line {
            if (minor == 0) {
                throw new IllegalArgumentException("a line moves something");
            }
        }
    }

    /**
     * Checks that the lines are a posting.
     *
     * @throws IllegalArgumentException when the lines are not a posting, which is a bug of whoever
     *     made them
     * @throws ArithmeticException when their sum overflows
     */
    public Posting {
        lines = List.copyOf(lines);
        if (lines.size() < 2) {
            throw new IllegalArgumentException("money comes from somewhere and goes somewhere");
        }
        var accounts = new HashSet<Account>();
        var sums = new EnumMap<Currency, Long>(Currency.class);
        for (var line : lines) {
            if (!accounts.add(line.account())) {
                throw new IllegalArgumentException("named twice: " + line.account());
            }
            sums.merge(line.account().currency(), line.minor(), Math::addExact);
        }
        if (sums.values().stream().anyMatch(it -> it != 0)) {
            throw new IllegalArgumentException("does not sum to zero: " + sums);
        }
    }

    /** One that takes no more than its hold has, if it has one. */
    public Posting(
            UUID id,
            String kind,
            Instant effectiveAt,
            List<Line> lines,
            @Nullable UUID reverses,
            @Nullable UUID captures) {
        this(id, kind, effectiveAt, lines, reverses, captures, false);
    }

    @Override
    public Collection<Account> accounts() {
        return lines.stream().map(Line::account).toList();
    }

    /** The plain case: an amount from one account to another of the same currency. */
    public static Posting of(
            UUID id, String kind, Instant effectiveAt, UUID payer, UUID payee, Money amount) {
        return of(
                id,
                kind,
                effectiveAt,
                Account.wallet(payer, amount.currency()),
                Account.wallet(payee, amount.currency()),
                amount.minor());
    }

    /** Money from the world into a wallet. */
    public static Posting funding(UUID id, Instant effectiveAt, UUID owner, Money amount) {
        return of(
                id,
                "funding",
                effectiveAt,
                Account.world(amount.currency()),
                Account.wallet(owner, amount.currency()),
                amount.minor());
    }

    /** Money that a card was charged, into a wallet: from now on the processor owes it to us. */
    public static Posting topUp(UUID id, Instant effectiveAt, UUID owner, Money amount) {
        return of(
                id,
                "top-up",
                effectiveAt,
                Account.cardClearing(amount.currency()),
                Account.wallet(owner, amount.currency()),
                amount.minor());
    }

    private static Posting of(
            UUID id, String kind, Instant effectiveAt, Account from, Account to, long minor) {
        return new Posting(
                id,
                kind,
                effectiveAt,
                List.of(new Line(from, -minor), new Line(to, minor)),
                null,
                null);
    }

    /** The same posting, paid out of a hold. */
    public Posting capturing(UUID hold) {
        return new Posting(id, kind, effectiveAt, lines, reverses, hold);
    }

    /** The same posting, paid out of a hold as far as that goes, and of what is available. */
    public Posting capturingAllOf(UUID hold) {
        return new Posting(id, kind, effectiveAt, lines, reverses, hold, true);
    }
}
