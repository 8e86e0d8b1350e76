package kvit.card;

import java.util.List;
import java.util.stream.Collectors;
import kvit.identity.ClientApp;
import kvit.identity.Person;
import kvit.rules.Actor;
import kvit.rules.Channel;
import kvit.rules.DataClass;
import kvit.rules.Instrument;
import kvit.rules.Party;
import kvit.rules.Rules;
import kvit.rules.Tier;

/**
 * What the rules of countries looked at and said, kept with what was decided so that it can be
 * understood years later.
 */
public record Said(
        long ruleSet,
        Actor actor,
        Party party,
        Channel channel,
        Instrument instrument,
        List<String> matched) {

    public static Said of(
            Rules.Ruling ruling, Party party, Channel channel, Instrument instrument) {
        return new Said(
                ruling.ruleSet(), ruling.actor(), party, channel, instrument, ruling.matched());
    }

    public static Party party(Person person) {
        return new Party(
                person.id(),
                person.country(),
                person.birthDate(),
                Tier.valueOf(person.tier().name()),
                person.locale());
    }

    public static Channel channel(ClientApp client) {
        return new Channel(
                client.platform(),
                client.ownerCountry(),
                client.carries().stream().map(DataClass::valueOf).collect(Collectors.toSet()));
    }
}
