package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.AMOUNTS_DIFFER;
import static kvit.reconcile.ReconcileProblem.BREAK_HOLDS_NONE;
import static kvit.reconcile.ReconcileProblem.BREAK_MATCHED;
import static kvit.reconcile.ReconcileProblem.BREAK_NOT_FOUND;
import static kvit.reconcile.ReconcileProblem.BREAK_RESOLVED;
import static kvit.reconcile.ReconcileProblem.ITEM_MAY_COME;
import static kvit.reconcile.ReconcileProblem.NOT_A_LOSS;
import static kvit.reconcile.ReconcileProblem.WALLET_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.ledger.Ledger;
import kvit.ledger.LookUp;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.payout.BusinessDays;
import kvit.problem.Problem;
import kvit.reconcile.BreakStore.Held;
import kvit.reconcile.Explanations.PayoutLine;
import kvit.reconcile.Explanations.Said;
import kvit.reconcile.Together.Rest;
import kvit.reconcile.Together.RestTo;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Finds what is said to belong together, and what is left of it when it is put together. */
@ApplicationScoped
class ReckonTogether {

    private final WorkOnBreaks work;
    private final BreakStore breaks;
    private final Explanations explanations;
    private final LossLimits limits;
    private final FileLines lines;
    private final RuleSets ruleSets;
    private final Terms terms;
    private final BusinessDays days;
    private final Ledger ledger;
    private final LookUp lookUp;
    private final Clock clock;

    ReckonTogether(
            WorkOnBreaks work,
            BreakStore breaks,
            Explanations explanations,
            LossLimits limits,
            FileLines lines,
            RuleSets ruleSets,
            Terms terms,
            BusinessDays days,
            Ledger ledger,
            LookUp lookUp,
            Clock clock) {
        this.work = work;
        this.breaks = breaks;
        this.explanations = explanations;
        this.limits = limits;
        this.lines = lines;
        this.ruleSets = ruleSets;
        this.terms = terms;
        this.days = days;
        this.ledger = ledger;
        this.lookUp = lookUp;
        this.clock = clock;
    }

    /**
     * What two would have to want, checked, with what is left of it.
     *
     * @param asked whose rest has no amount yet
     * @throws Problem BREAK_NOT_FOUND, BREAK_RESOLVED, BREAK_NOT_RESOLVED, BREAK_MATCHED,
     *     BREAK_HOLDS_NONE, ITEM_NOT_EXPECTED, AMOUNTS_DIFFER, WALLET_NOT_FOUND, ITEM_MAY_COME,
     *     NOT_A_LOSS, WRITE_OFF_TOO_LARGE
     */
    Together together(Together asked) {
        return ledger.asOfOneMoment(
                () -> {
                    var all =
                            Stream.concat(asked.breaks().stream(), asked.recovered().stream())
                                    .map(this::toRead)
                                    .toList();
                    return asked.leaving(rest(asked, sides(asked, all)));
                });
    }

    private Held toRead(UUID id) {
        return breaks.find(id).orElseThrow(() -> BREAK_NOT_FOUND.because("No break " + id + "."));
    }

    /**
     * The same under lock, when two have agreed.
     *
     * @throws Problem as {@link #together}
     */
    Sides locked(Together agreed) {
        // At once, so that two who settle the same do not wait for each other.
        var all =
                work.locked(
                        Stream.concat(agreed.breaks().stream(), agreed.recovered().stream())
                                .toList());
        var sides = sides(agreed, all);
        if (!Objects.equals(rest(agreed, sides), agreed.rest())) {
            throw AMOUNTS_DIFFER.because("What is left of it is not what it was.");
        }
        return sides;
    }

    private static List<Held> those(List<Held> all, Collection<UUID> ids) {
        return all.stream().filter(it -> ids.contains(it.id())).toList();
    }

    private Sides sides(Together asked, List<Held> all) {
        all.forEach(it -> requireOf(asked.currency(), it));
        var open = those(all, asked.breaks());
        var recovered = those(all, asked.recovered());
        var items = new ArrayList<>(asked.items());
        var payouts = new ArrayList<>(asked.payouts());
        for (var held : open) {
            if (held.isResolved()) {
                throw BREAK_RESOLVED.because("Break " + held.id() + " is resolved.");
            }
            if (held.type() == Fault.MISSING_EXTERNAL) {
                missing(held, items, payouts);
            } else if (held.parked() == 0) {
                throw BREAK_HOLDS_NONE.because("Of break " + held.id() + " nothing has moved.");
            }
        }
        recovered.forEach(this::requireWrittenOff);
        var said =
                new Said(items.stream().distinct().toList(), payouts.stream().distinct().toList());
        return new Sides(open, explanations.find(asked.currency(), said), recovered);
    }

    private static void requireOf(Currency currency, Held held) {
        if (held.currency() != currency) {
            throw BREAK_NOT_FOUND.because("No break " + held.id() + " in " + currency + ".");
        }
    }

    /** One that says what is missing stands for it. */
    private static void missing(Held held, List<UUID> items, List<PayoutLine> payouts) {
        if (held.item() != null) {
            items.add(held.item());
        } else if (held.line() != null) {
            payouts.add(new PayoutLine(held.line().file(), held.line().number()));
        } else {
            throw BREAK_HOLDS_NONE.because(
                    "Break " + held.id() + " ends when the processor pays it, or is written off.");
        }
    }

    /** And not taken back by another settling: the books know. */
    private void requireWrittenOff(Held held) {
        var posting = held.posting();
        if (held.resolution() != BreakResolution.WRITTEN_OFF
                || held.type() != Fault.MISSING_EXTERNAL
                || posting == null
                || lookUp.postings(List.of(posting)).stream()
                        .anyMatch(it -> posting.equals(it.reverses()))) {
            throw BREAK_MATCHED.because(
                    "Break " + held.id() + " is not written off as missing, or not any more.");
        }
    }

    /** What is left has to be somebody's. */
    private @Nullable Rest rest(Together asked, Sides sides) {
        var minor = sides.rest();
        if (minor == 0) {
            return null;
        }
        var currency = asked.currency();
        var rest = asked.rest();
        if (rest == null) {
            throw AMOUNTS_DIFFER
                    .because("It does not come to nothing; say whose the rest is.")
                    .with("line", new Money(sides.parked(), currency))
                    .with("expected", new Money(sides.expected(), currency));
        }
        if (rest.to() == RestTo.WALLET) {
            requireWallet(Objects.requireNonNull(rest.customerId()), currency);
            if (minor < 0 && rest.refusal() == null) {
                requireGone(sides, currency);
            }
            if (minor > sides.parkedAbove()) {
                throw AMOUNTS_DIFFER
                        .because("What no file has brought cannot go to a wallet.")
                        .with("line", new Money(sides.parkedAbove(), currency))
                        .with("expected", new Money(minor, currency));
            }
        } else if (minor > 0) {
            throw NOT_A_LOSS.because("What is more is somebody's, and not ours to keep.");
        } else {
            limits.require(-minor, currency);
        }
        return new Rest(rest.to(), rest.customerId(), new Money(minor, currency), rest.refusal());
    }

    /**
     * What is late is not lost: a customer pays for what no rule would match any more, or for what
     * the processor itself says something about, in a file or otherwise.
     */
    private void requireGone(Sides sides, Currency currency) {
        var said =
                lines.names(
                        sides.breaks().stream()
                                .filter(it -> it.type() != Fault.MISSING_EXTERNAL)
                                .map(Held::line)
                                .filter(Objects::nonNull)
                                .toList());
        var window = ruleSets.newest().rules().stream().mapToInt(Rule::windowDays).max().orElse(0);
        var today = days.dayOf(terms.of(currency).country(), clock.instant());
        sides.mayComeUntil(said, window, today)
                .ifPresent(
                        it -> {
                            throw ITEM_MAY_COME
                                    .because("Until " + it + " a file may still have it.")
                                    .with("until", it);
                        });
    }

    /** The first posting opens a wallet, and nobody should open one by a slip of the pen. */
    private void requireWallet(UUID customer, Currency currency) {
        if (ledger.balances(customer).stream()
                .noneMatch(it -> it.balance().currency() == currency)) {
            throw WALLET_NOT_FOUND.because(customer + " has no wallet in " + currency + ".");
        }
    }
}
