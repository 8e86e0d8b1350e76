package kvit.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Set;
import kvit.money.Currency;
import org.jspecify.annotations.Nullable;

/**
 * Whom a rule is about. Of each property one of the values has to fit; an empty set fits everybody.
 *
 * @param countries of the side that is looked at
 * @param counterparties countries of the other side
 * @param platforms of the front end
 * @param carries at least one of these classes of data passes through the front end
 * @param actors what the institution is that runs Kvit
 * @param instruments what money comes from or goes to
 * @param owners countries in which the owner of the front end's platform sits
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Subject(
        Set<Operation> operations,
        Set<String> countries,
        Set<String> counterparties,
        Set<String> platforms,
        Set<DataClass> carries,
        Set<Actor> actors,
        Set<Currency> currencies,
        Set<Tier> tiers,
        Set<Instrument> instruments,
        Set<String> owners) {

    Subject {
        operations = copy(operations);
        countries = copy(countries);
        counterparties = copy(counterparties);
        platforms = copy(platforms);
        carries = copy(carries);
        actors = copy(actors);
        currencies = copy(currencies);
        tiers = copy(tiers);
        instruments = copy(instruments);
        owners = copy(owners);
    }

    static Subject ofCountries(Set<String> countries) {
        return new Subject(
                Set.of(), countries, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(),
                Set.of(), Set.of());
    }

    /** What a stored rule leaves out is not restricted. */
    private static <T> Set<T> copy(@Nullable Set<T> values) {
        return values == null ? Set.of() : Set.copyOf(values);
    }

    /** First what tells the rules of one country apart: most are not asked for more. */
    boolean fits(Facts facts) {
        return fits(currencies, facts.amount().currency()) && fitsButForCurrency(facts);
    }

    /** The same, were it of one of these currencies. */
    boolean fitsButForCurrency(Facts facts) {
        return fits(facts.channel())
                && fits(operations, facts.operation())
                && fits(counterparties, facts.counterparty())
                && fits(tiers, facts.party().tier())
                && fits(instruments, facts.instrument())
                && fits(actors, facts.actor())
                && fits(countries, facts.party().country());
    }

    private boolean fits(@Nullable Channel channel) {
        if (channel == null) {
            return platforms.isEmpty() && carries.isEmpty() && owners.isEmpty();
        }
        return fits(platforms, channel.platform())
                && fits(owners, channel.ownerCountry())
                && (carries.isEmpty() || channel.carries().stream().anyMatch(carries::contains));
    }

    private static <T> boolean fits(Set<T> wanted, @Nullable T value) {
        return wanted.isEmpty() || (value != null && wanted.contains(value));
    }
}
