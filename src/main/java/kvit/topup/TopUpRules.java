package kvit.topup;

import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;
import static kvit.ledger.LedgerProblem.BALANCE_OUT_OF_RANGE;
import static kvit.rules.RulesProblem.FUNDING_SOURCE_UNUSABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import kvit.card.Funding;
import kvit.card.Said;
import kvit.identity.ClientApp;
import kvit.identity.People;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.rules.Limits;
import kvit.rules.Rules;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Says whether somebody may have their card charged, and counts what was. */
@ApplicationScoped
class TopUpRules {

    /**
     * What was said, and by what.
     *
     * @param said what the rules of countries looked at and said, to be kept; null where they were
     *     not asked
     * @param refusal null where it may be
     */
    record Verdict(@Nullable Said said, @Nullable Problem refusal) {}

    private final TopUpStore store;
    private final People people;
    private final Rules rules;
    private final Limits limits;
    private final Ledger ledger;
    private final Clock clock;

    TopUpRules(
            TopUpStore store,
            People people,
            Rules rules,
            Limits limits,
            Ledger ledger,
            Clock clock) {
        this.store = store;
        this.people = people;
        this.rules = rules;
        this.limits = limits;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Decides in the transaction that writes the intention. Whoever asks for the same person and
     * currency waits until that has ended, so that two that race for the last of a limit do not
     * both have it: what is on its way counts like what has arrived.
     */
    Verdict decide(TopUp topUp, Funding funding, ClientApp client) {
        var person =
                Objects.requireNonNull(
                        people.byIds(List.of(topUp.customer())).get(topUp.customer()));
        if (!person.mayMoveMoney()) {
            return new Verdict(
                    null, CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support."));
        }
        var now = clock.instant();
        var party = Said.party(person);
        var channel = Said.channel(client);
        var instrument = funding.instrument();
        var ruling = rules.onTopUp(party, channel, instrument, topUp.amount(), now);
        var said = Said.of(ruling, party, channel, instrument);
        return new Verdict(said, refusal(topUp, ruling, now));
    }

    /** One rule after the other, in the order of problems. */
    private @Nullable Problem refusal(TopUp topUp, Rules.Ruling ruling, Instant now) {
        var refusal = ruling.refusal();
        if (refusal != null && refusal.type() != FUNDING_SOURCE_UNUSABLE) {
            return refusal;
        }
        var tally = List.of(topUp.tally());
        var count = limits.count(tally, ruling.limits(), now);
        var onTheirWay = store.onTheirWay(topUp.customer(), topUp.amount().currency(), topUp.id());
        // Never written: each is counted when it has moved, and one that is declined never was.
        onTheirWay.forEach(it -> count.add(tally, it.id(), it.amount(), now));
        var exceeded = count.refusal(ruling.limits(), topUp.amount());
        if (exceeded != null || refusal != null) {
            return exceeded != null ? exceeded : refusal;
        }
        if (!ruling.demands().isEmpty()) {
            // Nobody can confirm or review a top-up; what a rule wants is not passed over.
            return FUNDING_SOURCE_UNUSABLE.because(
                    "The rules of your country want a confirmation that there is not.");
        }
        return isCountable(topUp, onTheirWay)
                ? null
                : BALANCE_OUT_OF_RANGE.because("An account counts up to 2^53 - 1 minor units.");
    }

    /**
     * Whether the books can take it, as far as that can be said before the charge: what they refuse
     * afterwards has to be given back.
     */
    private boolean isCountable(TopUp topUp, List<TopUp> onTheirWay) {
        var currency = topUp.amount().currency();
        var coming = topUp.amount().minor();
        for (var each : onTheirWay) {
            coming = Math.addExact(coming, each.amount().minor());
        }
        var wallet = ledger.balance(Account.wallet(topUp.customer(), currency)).balance();
        var clearing = ledger.balance(Account.cardClearing(currency)).balance();
        return coming <= Money.MINOR_MAX - wallet.minor()
                && coming <= Money.MINOR_MAX + clearing.minor();
    }

    /** The money has moved. Locks what is counted, so before any account. */
    Limits.Count counting(TopUp topUp) {
        return limits.count(List.of(topUp.tally()), List.of(), clock.instant());
    }
}
