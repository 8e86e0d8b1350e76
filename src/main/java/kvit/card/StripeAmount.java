package kvit.card;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import kvit.money.Currency;
import kvit.money.Money;

/**
 * Amounts as Stripe counts them, which is not always by ISO 4217
 * (https://docs.stripe.com/currencies): a factor of a hundred on somebody's card.
 */
final class StripeAmount {

    /** Counted in hundredths, although they have none: kept so for old callers. */
    private static final Set<Currency> HUNDREDTHS_OF_WHOLE = EnumSet.of(Currency.ISK, Currency.UGX);

    /** Counted whole, although ISO 4217 gives them two digits. */
    private static final Set<Currency> WHOLE = EnumSet.of(Currency.MGA);

    /** Of ours, those that no card is charged in. */
    private static final Set<Currency> NOT_TAKEN =
            EnumSet.of(
                    Currency.BTN,
                    Currency.CUP,
                    Currency.ERN,
                    Currency.GHS,
                    Currency.IQD,
                    Currency.IRR,
                    Currency.KPW,
                    Currency.LYD,
                    Currency.MRU,
                    Currency.SDG,
                    Currency.SSP,
                    Currency.STN,
                    Currency.SVC,
                    Currency.SYP,
                    Currency.TMT,
                    Currency.VED,
                    Currency.VES,
                    Currency.ZWG);

    private StripeAmount() {}

    /**
     * The number that means this amount to Stripe when a card is charged or given back; empty where
     * none does: Stripe does not take every currency, takes no last digit of one that has three,
     * and no part of one that it counts whole. For payouts HUF and TWD are whole, too; there are
     * none in them.
     */
    static Optional<Long> of(Money money) {
        var minor = money.minor();
        if (NOT_TAKEN.contains(money.currency())) {
            return Optional.empty();
        }
        if (HUNDREDTHS_OF_WHOLE.contains(money.currency())) {
            return Optional.of(Math.multiplyExact(minor, 100));
        }
        if (WHOLE.contains(money.currency())) {
            return minor % 100 == 0 ? Optional.of(minor / 100) : Optional.empty();
        }
        if (money.currency().digits() == 3 && minor % 10 != 0) {
            return Optional.empty();
        }
        return Optional.of(minor);
    }

    /**
     * What Stripe means.
     *
     * @throws IllegalStateException when it is no amount of ours
     */
    static Money read(long amount, String code) {
        var currency =
                Currency.of(code.toUpperCase(Locale.ROOT))
                        .orElseThrow(() -> new IllegalStateException("not a currency of ours"));
        if (HUNDREDTHS_OF_WHOLE.contains(currency)) {
            if (amount % 100 != 0) {
                throw new IllegalStateException("part of a " + currency);
            }
            return new Money(amount / 100, currency);
        }
        return new Money(
                WHOLE.contains(currency) ? Math.multiplyExact(amount, 100) : amount, currency);
    }

    static String code(Money money) {
        return code(money.currency());
    }

    static String code(Currency currency) {
        return currency.name().toLowerCase(Locale.ROOT);
    }
}
