package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that nothing is held any more of a charge that was contested. */
@ApplicationScoped
class TellDisputeWon implements Subscriber<DisputeWon> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: the dispute about %s from your card is over. Nothing of it is held any more.",
                    "Kvit : la contestation de %s venant de votre carte est terminée. Plus rien n'est"
                            + " bloqué.",
                    "Kvit: спор о платеже %s с вашей карты закрыт. Деньги больше не удерживаются.");

    private final CustomerMessages messages;

    TellDisputeWon(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<DisputeWon> kind() {
        return DisputeWon.class;
    }

    @Override
    public void deliver(DisputeWon event) throws DeliveryFailed {
        messages.send(event.customer(), locale -> TEXT.in(locale, event.amount()));
    }
}
