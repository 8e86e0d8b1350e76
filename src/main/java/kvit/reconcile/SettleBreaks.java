package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kvit.ledger.Ledger;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.reconcile.BreakStore.Held;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * The way out for what no rule and no single match explains: two say which breaks, items and
 * payouts are one thing, and if that does not come to nothing, whose the rest is.
 */
@ApplicationScoped
class SettleBreaks implements FourEyes<Together> {

    private final ReckonTogether reckon;
    private final WorkOnBreaks work;
    private final BreakStore breaks;
    private final RunStore runs;
    private final Explanations explanations;
    private final Position position;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;

    SettleBreaks(
            ReckonTogether reckon,
            WorkOnBreaks work,
            BreakStore breaks,
            RunStore runs,
            Explanations explanations,
            Position position,
            Ledger ledger,
            Clock clock,
            Ids ids) {
        this.reckon = reckon;
        this.work = work;
        this.breaks = breaks;
        this.runs = runs;
        this.explanations = explanations;
        this.position = position;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What two would have to want, checked: whoever approves it should not be the first to find a
     * mistake.
     *
     * @throws Problem as {@link ReckonTogether#together}
     */
    Together together(Together asked) {
        return reckon.together(asked);
    }

    @Override
    public String action() {
        return "reconciliation.settle";
    }

    @Override
    public Class<Together> payload() {
        return Together.class;
    }

    /** The first of what it is about: a second request about the same is stale after this one. */
    @Override
    public String resource(Together together) {
        return Stream.of(
                        together.breaks().stream().map(UUID::toString),
                        together.items().stream().map(UUID::toString),
                        together.payouts().stream().map(it -> it.key().toString()))
                .flatMap(it -> it)
                .min(String::compareTo)
                .orElseThrow(() -> new IllegalStateException("about nothing"));
    }

    /** What of it is open, and what is expected; how much is left follows from both. */
    @Override
    public String basis(Together together) {
        var found = explanations.look(together.currency(), together.said());
        var states =
                Stream.concat(together.breaks().stream(), together.recovered().stream())
                        .sorted()
                        .map(work::basis)
                        .collect(Collectors.joining(", "));
        return "%s; %d items, %d payouts, %d"
                .formatted(states, found.items().size(), found.payouts().size(), found.minor());
    }

    /**
     * Ends all of it.
     *
     * @throws Problem as {@link ReckonTogether#together}, and INSUFFICIENT_FUNDS where the wallet
     *     does not have it
     */
    @Override
    public void carryOut(Together together, Agreed agreed) {
        var currency = together.currency();
        runs.lock(currency);
        settle(together, reckon.locked(together), agreed);
    }

    private void settle(Together together, Sides sides, Agreed agreed) {
        var currency = together.currency();
        var match = ids.next();
        explanations.match(currency, loose(sides.breaks()), sides.found(), "FORCED", match);
        var postings = sides.postings(together, match, clock.instant());
        var settling = postings.stream().anyMatch(it -> it.id().equals(match)) ? match : null;
        for (var held : sides.breaks()) {
            breaks.end(held.id(), BreakResolution.SETTLED, settling);
        }
        breaks.resolveMissing(currency);
        var words = agreed.proposedBy() + ": " + agreed.reason();
        breaks.note(together.breaks(), agreed.approvedBy(), "settle", words);
        breaks.note(together.recovered(), agreed.approvedBy(), "recover", words);
        runs.advance(currency);
        position.require(currency, postings);
        Books.post(ledger, postings);
    }

    private List<Line.Key> loose(List<Held> held) {
        return runs.loose(
                held.stream()
                        .filter(it -> it.type() != Fault.MISSING_EXTERNAL)
                        .map(Held::line)
                        .filter(Objects::nonNull)
                        .toList());
    }
}
