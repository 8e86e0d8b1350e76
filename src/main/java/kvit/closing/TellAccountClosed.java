package kvit.closing;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** The last that somebody hears of us, unless their phone is somebody else's by then. */
@ApplicationScoped
class TellAccountClosed implements Subscriber<AccountClosed> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: your account is closed. What the law does not make us keep is erased.",
                    "Kvit : votre compte est fermé. Ce que la loi ne nous oblige pas à conserver"
                            + " est effacé.",
                    "Kvit: ваш счёт закрыт. Всё, что закон не обязывает нас хранить, удалено.");

    private final CustomerMessages messages;

    TellAccountClosed(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<AccountClosed> kind() {
        return AccountClosed.class;
    }

    @Override
    public void deliver(AccountClosed event) throws DeliveryFailed {
        messages.send(event.customer(), TEXT::in);
    }
}
