package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that we have stopped a payout of theirs; what they took back they know. */
@ApplicationScoped
class TellPayoutCancelled implements Subscriber<PayoutCancelled> {

    private static final CustomerText STOPPED =
            new CustomerText(
                    "Kvit: your payout of %s was stopped before it left. The money is back in your"
                            + " wallet.",
                    "Kvit : votre versement de %s a été arrêté avant son envoi. L'argent est de"
                            + " retour dans votre portefeuille.",
                    "Kvit: вывод %s остановлен до отправки. Деньги снова в вашем кошельке.");

    private static final CustomerText CONTESTED =
            new CustomerText(
                    "Kvit: your payout of %s was stopped, because a payment from your card is"
                            + " disputed. The money is held in your wallet.",
                    "Kvit : votre versement de %s a été arrêté, car un paiement de votre carte est"
                            + " contesté. L'argent est bloqué dans votre portefeuille.",
                    "Kvit: вывод %s остановлен, потому что платёж с вашей карты оспаривается."
                            + " Деньги удержаны в вашем кошельке.");

    private final CustomerMessages messages;

    TellPayoutCancelled(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<PayoutCancelled> kind() {
        return PayoutCancelled.class;
    }

    @Override
    public void deliver(PayoutCancelled event) throws DeliveryFailed {
        if (event.declineCode() == null) {
            return;
        }
        var isContested = event.declineCode().equals(StopPayouts.FUNDS_CONTESTED);
        var text = isContested ? CONTESTED : STOPPED;
        messages.send(event.customer(), locale -> text.in(locale, event.amount()));
    }
}
