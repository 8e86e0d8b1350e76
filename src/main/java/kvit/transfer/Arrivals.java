package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.card.Cards;
import kvit.rules.Demand;
import org.jspecify.annotations.Nullable;

/**
 * Says whether money has to wait for its payee, who is not here yet or has no card yet, and for how
 * long. Costs nothing where the rules demand no card and somebody is here.
 */
@ApplicationScoped
class Arrivals {

    private final TransferStore store;
    private final UnderWay underWay;
    private final Cards cards;
    private final TransferConfig config;

    Arrivals(TransferStore store, UnderWay underWay, Cards cards, TransferConfig config) {
        this.store = store;
        this.underWay = underWay;
        this.cards = cards;
        this.config = config;
    }

    /**
     * The same decisions without the demand for a card where the payee has had one, or has been
     * paid before. Whoever is not here yet has neither.
     */
    <O> List<Decision<O>> knowing(List<Decision<O>> decisions) {
        var asked = new HashSet<UUID>();
        for (var decision : decisions) {
            var payee = decision.transfer().payee();
            if (payee != null && demandsCard(decision.ruling())) {
                asked.add(payee);
            }
        }
        if (asked.isEmpty()) {
            return decisions;
        }
        var able = able(asked);
        var known = new ArrayList<Decision<O>>();
        for (var decision : decisions) {
            var payee = decision.transfer().payee();
            known.add(
                    payee != null && able.contains(payee) && demandsCard(decision.ruling())
                            ? decision.by(
                                    Objects.requireNonNull(decision.ruling()).without(Demand.CARD))
                            : decision);
        }
        return known;
    }

    private static boolean demandsCard(@Nullable Ruling ruling) {
        return ruling != null && ruling.demands().contains(Demand.CARD);
    }

    /** Those who need no card to be paid, though the rules demand one of whoever begins. */
    private Set<UUID> able(Collection<UUID> payees) {
        var able = new HashSet<>(cards.ownersAmong(payees));
        able.addAll(store.paidBefore(payees));
        return able;
    }

    /** Whether this customer has to add a card before what the rules said that of is theirs. */
    boolean needsCard(UUID payee, Ruling ruling) {
        return demandsCard(ruling) && !able(Set.of(payee)).contains(payee);
    }

    /** Whether one that has waited for all else has to wait for its payee. */
    boolean isAwaited(StoredTransfer stored) {
        var payee = stored.transfer().payee();
        return payee == null
                || (underWay.demands(stored).contains(Demand.CARD)
                        && !able(Set.of(payee)).contains(payee));
    }

    /** How long it waits for its payee, from when it begins to. */
    Duration within(StoredTransfer stored) {
        return orDefault(underWay.arrivesWithin(stored));
    }

    /** The same of one that is being made. */
    Duration within(Ruling ruling) {
        return orDefault(ruling.arrivesWithin());
    }

    private Duration orDefault(@Nullable Duration ruled) {
        return ruled == null ? config.claimLife() : ruled;
    }
}
