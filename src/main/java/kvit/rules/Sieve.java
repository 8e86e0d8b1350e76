package kvit.rules;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds back in one comparison most rules that do not fit what is asked. To look at a rule is to
 * follow half a dozen pointers; a country with five hundred rules would be felt.
 *
 * <p>What passes may still not fit: several values share a bit. What fits always passes.
 */
class Sieve {

    /** A group of bits for each property: the first for having no value, the others for values. */
    private static final int OPERATIONS = 5;

    private static final int TIERS = 3;
    private static final int ACTORS = 5;
    private static final int INSTRUMENTS = 8;
    private static final int CURRENCIES = 13;
    private static final int COUNTERPARTIES = 15;
    private static final int PLATFORMS = 15;

    private Sieve() {}

    /** The bits of all that it fits. */
    static long of(Subject subject) {
        var bits = bits(subject.operations(), OPERATIONS);
        bits = bits << TIERS | bits(subject.tiers(), TIERS);
        bits = bits << ACTORS | bits(subject.actors(), ACTORS);
        bits = bits << INSTRUMENTS | bits(subject.instruments(), INSTRUMENTS);
        bits = bits << CURRENCIES | bits(subject.currencies(), CURRENCIES);
        bits = bits << COUNTERPARTIES | bits(subject.counterparties(), COUNTERPARTIES);
        return bits << PLATFORMS | bits(subject.platforms(), PLATFORMS);
    }

    /** The same, and every currency. */
    static long ofAnyCurrency(Subject subject) {
        return of(subject) | (((1L << CURRENCIES) - 1) << (COUNTERPARTIES + PLATFORMS));
    }

    /** One bit in each group. */
    static long of(Facts facts) {
        var channel = facts.channel();
        var bits = bit(facts.operation(), OPERATIONS);
        bits = bits << TIERS | bit(facts.party().tier(), TIERS);
        bits = bits << ACTORS | bit(facts.actor(), ACTORS);
        bits = bits << INSTRUMENTS | bit(facts.instrument(), INSTRUMENTS);
        bits = bits << CURRENCIES | bit(facts.amount().currency(), CURRENCIES);
        bits = bits << COUNTERPARTIES | bit(facts.counterparty(), COUNTERPARTIES);
        return bits << PLATFORMS | bit(channel == null ? null : channel.platform(), PLATFORMS);
    }

    static boolean passes(long subject, long facts) {
        return (subject & facts) == facts;
    }

    private static long bits(Set<?> values, int width) {
        if (values.isEmpty()) {
            return (1L << width) - 1;
        }
        var bits = 0L;
        for (var value : values) {
            bits |= bit(value, width);
        }
        return bits;
    }

    /** The bits never leave this memory: constants may come in another order after a release. */
    @SuppressWarnings("EnumOrdinal")
    private static long bit(@Nullable Object value, int width) {
        if (value == null) {
            return 1;
        }
        var number = value instanceof Enum<?> constant ? constant.ordinal() : value.hashCode();
        return 2L << Math.floorMod(number, width - 1);
    }
}
