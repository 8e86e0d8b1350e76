package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.ITEM_NOT_EXPECTED;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import kvit.money.Currency;
import kvit.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What people say that money is, found among what has not come. */
@ApplicationScoped
class Explanations {

    /** Items of ours, and payouts of the processor. */
    record Said(Collection<UUID> items, Collection<PayoutLine> payouts) {

        boolean isEmpty() {
            return items.isEmpty() && payouts.isEmpty();
        }
    }

    /** Where a payout of the processor stands. */
    @Schema(name = "PayoutLineRef")
    record PayoutLine(@NotNull UUID fileId, int lineNumber) {

        Line.Key key() {
            return new Line.Key(fileId, lineNumber);
        }
    }

    /** The same, found: items are still expected, payouts are on their way. */
    record Found(List<Expectation> items, List<Line> payouts) {

        /** What all of it comes to: what the processor owes us by it, minor units. */
        long minor() {
            var sum = 0L;
            for (var it : items) {
                sum = Math.addExact(sum, it.minor());
            }
            for (var it : payouts) {
                sum = Math.addExact(sum, -it.net());
            }
            return sum;
        }
    }

    private final Expectations expectations;
    private final FileLines lines;
    private final RunStore runs;

    Explanations(Expectations expectations, FileLines lines, RunStore runs) {
        this.expectations = expectations;
        this.lines = lines;
        this.runs = runs;
    }

    /** What of it there is. */
    Found look(Currency currency, Said said) {
        var payouts = new ArrayList<Line>();
        if (!said.payouts().isEmpty()) {
            var keys = new HashSet<Line.Key>();
            said.payouts().forEach(it -> keys.add(it.key()));
            lines.payoutsUnderWay(currency).stream()
                    .filter(it -> keys.contains(it.key()))
                    .forEach(payouts::add);
        }
        var items =
                said.items().isEmpty()
                        ? List.<Expectation>of()
                        : expectations.find(currency, said.items());
        return new Found(items, payouts);
    }

    /**
     * All of it.
     *
     * @throws Problem ITEM_NOT_EXPECTED
     */
    Found find(Currency currency, Said said) {
        var found = look(currency, said);
        var items = new HashSet<>(said.items());
        var payouts = new HashSet<Line.Key>();
        said.payouts().forEach(it -> payouts.add(it.key()));
        found.items().forEach(it -> items.remove(it.item()));
        found.payouts().forEach(it -> payouts.remove(it.key()));
        if (!items.isEmpty() || !payouts.isEmpty()) {
            throw ITEM_NOT_EXPECTED.because(
                    "Not expected, or not on its way: "
                            + (items.isEmpty()
                                    ? payouts.iterator().next()
                                    : items.iterator().next())
                            + ".");
        }
        return found;
    }

    /**
     * Writes down that these are what those lines are.
     *
     * @param lines that are loose; what is matched already stays so
     */
    void match(
            Currency currency, Collection<Line.Key> lines, Found found, String method, UUID match) {
        var loose = new ArrayList<>(lines);
        found.payouts().forEach(it -> loose.add(it.key()));
        var items = found.items().stream().map(Expectation::item).toList();
        runs.match(currency, loose, items, method, match);
    }
}
