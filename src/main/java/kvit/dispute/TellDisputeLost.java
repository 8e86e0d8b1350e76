package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody what a dispute about a charge of theirs has taken from their wallet. */
@ApplicationScoped
class TellDisputeLost implements Subscriber<DisputeLost> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: the dispute about %s from your card was lost. %s was taken from your"
                            + " wallet.",
                    "Kvit : la contestation de %s venant de votre carte est perdue. %s a été prélevé"
                            + " sur votre portefeuille.",
                    "Kvit: спор о платеже %s с вашей карты проигран. Из вашего кошелька списано %s.");

    private final CustomerMessages messages;

    TellDisputeLost(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<DisputeLost> kind() {
        return DisputeLost.class;
    }

    @Override
    public void deliver(DisputeLost event) throws DeliveryFailed {
        messages.send(event.customer(), locale -> TEXT.in(locale, event.amount(), event.taken()));
    }
}
