package kvit.closing;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells the owner: who did it may be somebody else, and it can still be withdrawn. */
@ApplicationScoped
class TellClosingBegun implements Subscriber<ClosingBegun> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: your account is being closed, as asked for in the app. If that was not"
                            + " you, sign in now and keep it.",
                    "Kvit : votre compte est en cours de fermeture, à votre demande. Si ce n'est"
                            + " pas vous, connectez-vous maintenant et gardez-le.",
                    "Kvit: по вашему запросу счёт закрывается. Если это были не вы, войдите сейчас"
                            + " и отмените закрытие.");

    private final CustomerMessages messages;

    TellClosingBegun(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<ClosingBegun> kind() {
        return ClosingBegun.class;
    }

    @Override
    public void deliver(ClosingBegun event) throws DeliveryFailed {
        messages.send(event.customer(), TEXT::in);
    }
}
