package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that their money moves again: they may be signed in nowhere. */
@ApplicationScoped
class TellUnfrozen implements Subscriber<CustomerUnfrozen> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: your account is free again. Sign in to use it.",
                    "Kvit : votre compte est débloqué. Connectez-vous pour l'utiliser.",
                    "Kvit: ваш счёт снова доступен. Войдите, чтобы пользоваться им.");

    private final CustomerMessages messages;

    TellUnfrozen(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<CustomerUnfrozen> kind() {
        return CustomerUnfrozen.class;
    }

    @Override
    public void deliver(CustomerUnfrozen event) throws DeliveryFailed {
        messages.send(event.customer(), TEXT::in);
    }
}
