package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that a charge of theirs is contested, and what is held of it. */
@ApplicationScoped
class TellDisputeReceived implements Subscriber<DisputeReceived> {

    private static final CustomerText HELD =
            new CustomerText(
                    "Kvit: %s that came from your card is disputed. %s is held in your wallet until"
                            + " that is decided.",
                    "Kvit : %s venant de votre carte est contesté. %s reste bloqué dans votre"
                            + " portefeuille jusqu'à la décision.",
                    "Kvit: платёж %s с вашей карты оспаривается. До решения в вашем кошельке"
                            + " удержано %s.");

    private static final CustomerText NOTHING_LEFT =
            new CustomerText(
                    "Kvit: %s that came from your card is disputed. You will hear what is decided.",
                    "Kvit : %s venant de votre carte est contesté. Vous serez informé de la décision.",
                    "Kvit: платёж %s с вашей карты оспаривается. Мы сообщим о решении.");

    private final CustomerMessages messages;

    TellDisputeReceived(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<DisputeReceived> kind() {
        return DisputeReceived.class;
    }

    @Override
    public void deliver(DisputeReceived event) throws DeliveryFailed {
        var text = event.held().isPositive() ? HELD : NOTHING_LEFT;
        messages.send(event.customer(), locale -> text.in(locale, event.amount(), event.held()));
    }
}
