package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/**
 * Tells somebody whose devices were signed out that their money does not move, so that no front end
 * could. Not why: it may be a suspicion.
 */
@ApplicationScoped
class TellFrozen implements Subscriber<CustomerFrozen> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: your account is frozen and your devices are signed out. Nothing is lost."
                            + " Please turn to us.",
                    "Kvit : votre compte est bloqué et vos appareils sont déconnectés. Rien n'est"
                            + " perdu. Veuillez nous contacter.",
                    "Kvit: ваш счёт заморожен, сеансы на устройствах завершены. Деньги не потеряны."
                            + " Обратитесь к нам.");

    private final CustomerMessages messages;

    TellFrozen(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<CustomerFrozen> kind() {
        return CustomerFrozen.class;
    }

    @Override
    public void deliver(CustomerFrozen event) throws DeliveryFailed {
        messages.send(event.customer(), TEXT::in);
    }
}
