package kvit.payout;

import static kvit.card.CardProblem.CARD_NOT_ACTIVE;
import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;
import static kvit.payout.PayoutProblem.CARD_TAKES_NO_PAYOUTS;
import static kvit.payout.PayoutProblem.PAYOUTS_HELD;
import static kvit.rules.RulesProblem.FUNDING_SOURCE_UNUSABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.card.CardState;
import kvit.card.Cards;
import kvit.card.Funding;
import kvit.card.Said;
import kvit.card.WayOut;
import kvit.identity.ClientApp;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.identity.Pins;
import kvit.problem.Problem;
import kvit.rules.Limits;
import kvit.rules.Rules;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Says whether somebody's money may go out to a card of theirs. */
@ApplicationScoped
class PayoutRules {

    /**
     * What was said, and by what.
     *
     * @param said what the rules of countries looked at and said, to be kept; null where they were
     *     not asked
     * @param refusal null where it may be
     * @param count what it is to be counted with once it has moved, under lock; null where it was
     *     refused before
     */
    record Verdict(@Nullable Said said, @Nullable Problem refusal, Limits.@Nullable Count count) {}

    private final Cards cards;
    private final People people;
    private final Pins pins;
    private final Rules rules;
    private final Limits limits;
    private final Clock clock;

    PayoutRules(Cards cards, People people, Pins pins, Rules rules, Limits limits, Clock clock) {
        this.cards = cards;
        this.people = people;
        this.pins = pins;
        this.rules = rules;
        this.limits = limits;
        this.clock = clock;
    }

    /** Their country, whose banks and whose days it is about. */
    String country(UUID customer) {
        return person(customer).country();
    }

    /**
     * Decides in the transaction that moves the money. Whoever asks for the same person and
     * currency waits until that has ended, so that two that race for the last of a limit do not
     * both have it.
     */
    Verdict decide(Payout payout, @Nullable Funding funding, ClientApp client) {
        var refusal = refusalOfParties(payout);
        if (refusal != null) {
            return new Verdict(null, refusal, null);
        }
        var person = person(payout.customer());
        var now = clock.instant();
        var party = Said.party(person);
        var channel = Said.channel(client);
        var instrument = Objects.requireNonNull(funding, "of an active card").instrument();
        var ruling = rules.onPayout(party, channel, instrument, payout.amount(), now);
        var said = Said.of(ruling, party, channel, instrument);
        var refused = ruling.refusal();
        if (refused != null && refused.type() != FUNDING_SOURCE_UNUSABLE) {
            return new Verdict(said, refused, null);
        }
        var count = limits.count(List.of(payout.tally()), ruling.limits(), now);
        var exceeded = count.refusal(ruling.limits(), payout.amount());
        if (exceeded != null || refused != null) {
            return new Verdict(said, exceeded != null ? exceeded : refused, null);
        }
        if (!ruling.demands().isEmpty()) {
            // Nobody can confirm or review a payout; what a rule wants is not passed over.
            return new Verdict(
                    said,
                    FUNDING_SOURCE_UNUSABLE.because(
                            "The rules of your country want a confirmation that there is not."),
                    null);
        }
        return new Verdict(said, refusalOfHold(payout), count);
    }

    /**
     * Why it must not be handed over though it was allowed when it was asked for: whoever stole a
     * phone is stopped by what its owner has done meanwhile. Null where it may.
     */
    @Nullable Problem refusalNow(Payout payout) {
        var refusal = refusalOfParties(payout);
        return refusal == null ? refusalOfHold(payout) : refusal;
    }

    private @Nullable Problem refusalOfParties(Payout payout) {
        var card = cards.find(payout.customer(), payout.card()).orElse(null);
        if (card == null || card.state() != CardState.ACTIVE) {
            return CARD_NOT_ACTIVE.because("It waits for its code, or has been removed.");
        }
        var wayOut = card.wayOut();
        if (wayOut == null || wayOut.reference() == null) {
            return CARD_TAKES_NO_PAYOUTS
                    .because("Take another card, or add this one anew with what is missing.")
                    .with("reason", reason(wayOut));
        }
        return people.mayBePaidOut(payout.customer())
                ? null
                : CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support.");
    }

    private static String reason(@Nullable WayOut wayOut) {
        var refusal = wayOut == null ? null : wayOut.refusal();
        return Objects.requireNonNullElse(refusal, "not_offered");
    }

    private @Nullable Problem refusalOfHold(Payout payout) {
        return pins.payoutsHeldUntil(payout.customer())
                .filter(clock.instant()::isBefore)
                .map(PayoutRules::held)
                .orElse(null);
    }

    private static Problem held(Instant until) {
        return PAYOUTS_HELD
                .because("Your PIN was reset; until " + until + " nothing is paid out.")
                .with("heldUntil", until);
    }

    private Person person(UUID customer) {
        return Objects.requireNonNull(people.byIds(List.of(customer)).get(customer));
    }
}
