package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that money which they believe to be on a card is in their wallet again. */
@ApplicationScoped
class TellPayoutReturned implements Subscriber<PayoutReturned> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: your payout of %s did not reach your card. The money is back in your"
                            + " wallet.",
                    "Kvit : votre versement de %s n'est pas arrivé sur votre carte. L'argent est de"
                            + " retour dans votre portefeuille.",
                    "Kvit: вывод %s на карту не прошёл. Деньги снова в вашем кошельке.");

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
        messages.send(event.customer(), locale -> TEXT.in(locale, event.amount()));
    }
}
