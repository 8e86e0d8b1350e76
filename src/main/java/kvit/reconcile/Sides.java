package kvit.reconcile;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.ledger.Account;
import kvit.ledger.Account.Kind;
import kvit.ledger.Posting;
import kvit.reconcile.BreakStore.Held;
import kvit.reconcile.Explanations.Found;
import kvit.reconcile.Together.RestTo;
import kvit.source.Ids;

/**
 * What belongs together, as it stands: what sits in suspense on one side, what was expected on the
 * other. All amounts as what the processor owes us, in minor units.
 *
 * @param breaks that are open
 * @param found what they are said to be
 * @param recovered breaks that were written off before
 */
record Sides(List<Held> breaks, Found found, List<Held> recovered) {

    /** What is in suspense and was expected by nobody; below zero what is short. */
    long rest() {
        return Math.subtractExact(parked(), expected());
    }

    long parked() {
        return Math.addExact(parked(1), parked(-1));
    }

    /** What more has come than was expected; only this may go to somebody. */
    long parkedAbove() {
        return parked(1);
    }

    private long parked(int sign) {
        return breaks.stream()
                .mapToLong(Held::parked)
                .filter(it -> Long.signum(it) == sign)
                .reduce(0, Math::addExact);
    }

    long expected() {
        return recovered.stream().mapToLong(Held::minor).reduce(found.minor(), Math::addExact);
    }

    /**
     * What may still be in a file or a statement, and of which none of these breaks says anything.
     *
     * @param said the names that lines of these breaks go by
     * @param days how far a line may be from what it is about
     */
    Optional<LocalDate> mayComeUntil(Set<String> said, int days, LocalDate today) {
        var named = breaks.stream().filter(it -> it.line() != null).map(Held::item).toList();
        var items =
                found.items().stream()
                        .filter(it -> !named.contains(it.item()))
                        .filter(it -> !said.contains(it.reference()))
                        .filter(it -> Collections.disjoint(it.names(), said))
                        .map(Expectation::bookedOn);
        return Stream.concat(items, found.payouts().stream().map(Line::bookedOn))
                .map(it -> it.plusDays(days))
                .filter(it -> !it.isBefore(today))
                .max(LocalDate::compareTo);
    }

    /**
     * Out of suspense, to what was expected, and the rest to whose it is. What was written off is
     * taken back first, as if it had never been: once, because each posting is reversed once.
     *
     * @param match the id of what moves the money; there is none of it where nothing moves, as with
     *     payouts that take each other back
     */
    List<Posting> postings(Together together, UUID match, Instant now) {
        var currency = together.currency();
        var postings = new ArrayList<Posting>();
        for (var held : recovered) {
            postings.add(
                    new Posting(
                            Ids.named(held.id(), "recovered"),
                            Books.KIND + "recovery",
                            now,
                            List.of(
                                    new Posting.Line(Account.losses(currency), held.minor()),
                                    new Posting.Line(
                                            Account.cardClearing(currency), -held.minor())),
                            held.posting(),
                            null));
        }
        var lines = new ArrayList<Posting.Line>();
        Books.add(lines, new Account(Kind.SUSPENSE_UNAPPLIED, null, currency), -parked(1));
        Books.add(lines, new Account(Kind.SUSPENSE_SHORTFALL, null, currency), -parked(-1));
        Books.add(lines, Account.cardClearing(currency), expected());
        var rest = together.rest();
        if (rest != null) {
            Books.add(
                    lines,
                    rest.to() == RestTo.WALLET
                            ? Account.wallet(Objects.requireNonNull(rest.customerId()), currency)
                            : Account.losses(currency),
                    rest.amount().minor());
        }
        if (!lines.isEmpty()) {
            postings.add(new Posting(match, Books.KIND + "together", now, lines, null, null));
        }
        return postings;
    }
}
