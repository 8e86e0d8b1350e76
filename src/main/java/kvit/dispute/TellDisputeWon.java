package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/**
 * Tells somebody how a dispute about a charge of theirs has ended well, and what they have of it.
 */
@ApplicationScoped
class TellDisputeWon implements Subscriber<DisputeWon> {

    private static final CustomerText FREE =
            new CustomerText(
                    "Kvit: the dispute about %s from your card is over. Nothing of it is held any more.",
                    "Kvit : la contestation de %s venant de votre carte est terminée. Plus rien n'est"
                            + " bloqué.",
                    "Kvit: спор о платеже %s с вашей карты закрыт. Деньги больше не удерживаются.");

    private static final CustomerText HELD_ON =
            new CustomerText(
                    "Kvit: the dispute about %s from your card is over. %s of it is held for another"
                            + " dispute.",
                    "Kvit : la contestation de %s venant de votre carte est terminée. %s en reste bloqué"
                            + " pour une autre contestation.",
                    "Kvit: спор о платеже %s с вашей карты закрыт. Из этих денег %s удерживается для"
                            + " другого спора.");

    private static final CustomerText CREDIT_BACK =
            new CustomerText(
                    " The %s that you had from us meanwhile was taken back.",
                    " %s que nous vous avions avancés ont été repris.",
                    " %s, которые мы дали вам на это время, списаны.");

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
        messages.send(event.customer(), locale -> over(event, locale) + back(event, locale));
    }

    private static String over(DisputeWon event, String locale) {
        var heldOn = event.heldOn();
        return heldOn != null && heldOn.isPositive()
                ? HELD_ON.in(locale, event.amount(), heldOn)
                : FREE.in(locale, event.amount());
    }

    private static String back(DisputeWon event, String locale) {
        var back = event.creditBack();
        return back == null ? "" : CREDIT_BACK.in(locale, back);
    }
}
