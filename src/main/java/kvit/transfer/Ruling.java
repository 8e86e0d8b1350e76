package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import kvit.identity.ClientApp;
import kvit.identity.CustomerTier;
import kvit.identity.Person;
import kvit.identity.Stranger;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.rules.Actor;
import kvit.rules.Channel;
import kvit.rules.DataClass;
import kvit.rules.Demand;
import kvit.rules.Instrument;
import kvit.rules.Limit;
import kvit.rules.Party;
import kvit.rules.Rules;
import kvit.rules.Threshold;
import kvit.rules.Tier;
import org.jspecify.annotations.Nullable;

/**
 * What the rules said to a transfer, with all that they looked at, so that it can be said again.
 *
 * @param ruleSet the version of the rules
 * @param actor what the institution was that they were asked for
 * @param instrument what the payer pays with; null for the wallet
 * @param matched id and version of the rules that decided
 * @param demands what the transfer needs before the money moves
 * @param arrivesWithin how long it may wait for its payee; null where no rule says so
 */
record Ruling(
        long ruleSet,
        Actor actor,
        Party payer,
        Party payee,
        Channel channel,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instrument instrument,
        List<String> matched,
        Set<Demand> demands,
        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonFormat(shape = JsonFormat.Shape.STRING)
                @Nullable Duration arrivesWithin,
        @JsonIgnore List<Limit> limits,
        @JsonIgnore List<Threshold> thresholds,
        @JsonIgnore @Nullable Problem refusal) {

    static Ruling of(
            Rules rules, Person payer, Person payee, ClientApp client, Money amount, Instant at) {
        return of(rules, payer, payee, client, null, amount, at);
    }

    static Ruling of(
            Rules rules,
            Person payer,
            Person payee,
            ClientApp client,
            @Nullable Instrument instrument,
            Money amount,
            Instant at) {
        return of(rules, payer, payee, channel(client), instrument, amount, at);
    }

    static Ruling of(
            Rules rules,
            Person payer,
            Person payee,
            Channel channel,
            @Nullable Instrument instrument,
            Money amount,
            Instant at) {
        var from = party(payer);
        var to = party(payee);
        var ruling =
                rules.onTransfer(
                        from,
                        to,
                        channel,
                        instrument == null ? Instrument.WALLET : instrument,
                        amount,
                        at);
        return new Ruling(
                ruling.ruleSet(),
                ruling.actor(),
                from,
                to,
                channel,
                instrument,
                ruling.matched(),
                ruling.demands(),
                ruling.arrivesWithin(),
                known(ruling.limits()),
                ruling.thresholds(),
                ruling.refusal());
    }

    /** Of nobody nothing is counted; when it is known who it is, the rules are asked again. */
    private static List<Limit> known(List<Limit> limits) {
        for (var limit : limits) {
            if (limit.tally().customer().equals(Stranger.NOBODY)) {
                return limits.stream()
                        .filter(it -> !it.tally().customer().equals(Stranger.NOBODY))
                        .toList();
            }
        }
        return limits;
    }

    /** The same where it has turned out that more is needed, because of what was counted. */
    Ruling demanding(Demand demand) {
        var all = EnumSet.of(demand);
        all.addAll(demands);
        return with(all);
    }

    /** The same where it has turned out that this is not needed. */
    Ruling without(Demand demand) {
        var others = EnumSet.copyOf(demands);
        others.remove(demand);
        return with(others);
    }

    private Ruling with(Set<Demand> others) {
        return new Ruling(
                ruleSet,
                actor,
                payer,
                payee,
                channel,
                instrument,
                matched,
                others,
                arrivesWithin,
                limits,
                thresholds,
                refusal);
    }

    static Party party(Person person) {
        return new Party(
                person.id(),
                person.country(),
                person.birthDate(),
                tier(person.tier()),
                person.locale());
    }

    private static Tier tier(CustomerTier tier) {
        return switch (tier) {
            case PHONE -> Tier.PHONE;
            case VERIFIED -> Tier.VERIFIED;
        };
    }

    private static Channel channel(ClientApp client) {
        return new Channel(
                client.platform(),
                client.ownerCountry(),
                client.carries().stream().map(DataClass::valueOf).collect(Collectors.toSet()));
    }
}
