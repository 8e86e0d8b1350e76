package kvit.card;

import java.util.Optional;
import kvit.money.Currency;
import kvit.money.Money;

/**
 * Where money for a card goes to at Stripe: {@code acct_…/card_…/USD}.
 *
 * @param account the connected account of the card's owner
 * @param card the card there
 * @param currency the only one in which it takes money
 */
record StripeDestination(String account, String card, Currency currency) {

    /** Empty where it names no such thing: another processor's, or a card that is only charged. */
    static Optional<StripeDestination> of(String reference) {
        var parts = reference.split("/", -1);
        if (parts.length != 3 || !parts[0].startsWith("acct_") || !parts[1].startsWith("card_")) {
            return Optional.empty();
        }
        return Currency.of(parts[2]).map(it -> new StripeDestination(parts[0], parts[1], it));
    }

    String reference() {
        return account + "/" + card + "/" + currency;
    }

    boolean takes(Money money) {
        return money.currency() == currency;
    }
}
