package kvit.card;

import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;
import static kvit.rules.RulesProblem.FUNDING_SOURCE_UNUSABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import kvit.identity.ClientApp;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.problem.Problem;
import kvit.rules.Actor;
import kvit.rules.Channel;
import kvit.rules.DataClass;
import kvit.rules.Instrument;
import kvit.rules.Limit;
import kvit.rules.Limits;
import kvit.rules.Party;
import kvit.rules.Rules;
import kvit.rules.Tier;
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

    /** What is kept of a decision, so that it can be understood years later. */
    record Said(
            long ruleSet,
            Actor actor,
            Party party,
            Channel channel,
            Instrument instrument,
            List<String> matched) {}

    /**
     * The processor knows whether a card is debit, credit or prepaid and does not tell us yet; its
     * own settings keep out what the operator does not want.
     */
    private static final Instrument CARD = Instrument.DEBIT;

    private final TopUpStore store;
    private final People people;
    private final Rules rules;
    private final Limits limits;
    private final Clock clock;

    TopUpRules(TopUpStore store, People people, Rules rules, Limits limits, Clock clock) {
        this.store = store;
        this.people = people;
        this.rules = rules;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Decides in the transaction that writes the intention. Whoever asks for the same person and
     * currency waits until that has ended, so that two that race for the last of a limit do not
     * both have it: what is on its way counts like what has arrived.
     */
    Verdict decide(TopUp topUp, ClientApp client) {
        var person =
                Objects.requireNonNull(
                        people.byIds(List.of(topUp.customer())).get(topUp.customer()));
        if (!person.mayMoveMoney()) {
            return new Verdict(
                    null, CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support."));
        }
        var now = clock.instant();
        var party = party(person);
        var channel = channel(client);
        var ruling = rules.onTopUp(party, channel, CARD, topUp.amount(), now);
        var said =
                new Said(ruling.ruleSet(), ruling.actor(), party, channel, CARD, ruling.matched());
        if (ruling.refusal() != null) {
            return new Verdict(said, ruling.refusal());
        }
        if (!ruling.demands().isEmpty()) {
            // Nobody can confirm or review a top-up; what a rule wants is not passed over.
            return new Verdict(
                    said,
                    FUNDING_SOURCE_UNUSABLE.because(
                            "The rules of your country want a confirmation that there is not."));
        }
        return new Verdict(said, refusal(topUp, ruling.limits(), now));
    }

    private @Nullable Problem refusal(TopUp topUp, List<Limit> asked, Instant now) {
        var tally = List.of(topUp.tally());
        var count = limits.count(tally, asked, now);
        // Never written: each is counted when it has moved, and one that is declined never was.
        store.onTheirWay(topUp.customer(), topUp.amount().currency(), topUp.id())
                .forEach(it -> count.add(tally, it.id(), it.amount(), now));
        return count.refusal(asked, topUp.amount());
    }

    /** The money has moved. Locks what is counted, so before any account. */
    Limits.Count counting(TopUp topUp) {
        return limits.count(List.of(topUp.tally()), List.of(), clock.instant());
    }

    private static Party party(Person person) {
        return new Party(
                person.id(),
                person.country(),
                person.birthDate(),
                Tier.valueOf(person.tier().name()),
                person.locale());
    }

    private static Channel channel(ClientApp client) {
        return new Channel(
                client.platform(),
                client.ownerCountry(),
                client.carries().stream().map(DataClass::valueOf).collect(Collectors.toSet()));
    }
}
