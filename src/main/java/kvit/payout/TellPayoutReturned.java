package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Map;
import kvit.identity.CustomerMessages;
import kvit.money.Money;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that money which they believe to be on a card is in their wallet again. */
@ApplicationScoped
class TellPayoutReturned implements Subscriber<PayoutReturned> {

    private static final Map<String, String> TEXTS =
            Map.of(
                    "en",
                            "Kvit: your payout of %s did not reach your card. The money is back in"
                                    + " your wallet.",
                    "fr",
                            "Kvit : votre versement de %s n'est pas arrivé sur votre carte. L'argent"
                                    + " est de retour dans votre portefeuille.",
                    "ru", "Kvit: вывод %s на карту не прошёл. Деньги снова в вашем кошельке.");

    private final CustomerMessages messages;

    TellPayoutReturned(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<PayoutReturned> kind() {
        return PayoutReturned.class;
    }

    @Override
    public void deliver(PayoutReturned event) throws DeliveryFailed {
        messages.send(event.customer(), locale -> text(locale, event.amount()));
    }

    /** In the language of the locale, in English where we do not speak it. */
    private static String text(String locale, Money amount) {
        var language = Locale.forLanguageTag(locale).getLanguage();
        return TEXTS.getOrDefault(language, String.valueOf(TEXTS.get("en"))).formatted(amount);
    }
}
