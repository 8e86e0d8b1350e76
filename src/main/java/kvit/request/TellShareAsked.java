package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody what they are asked for; without the note, which is for the chat. */
@ApplicationScoped
class TellShareAsked implements Subscriber<ShareAsked> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: \"%s\" asks you for %s. Pay or decline it in your chat.",
                    "Kvit : \"%s\" vous demande %s. Payez ou refusez dans votre messagerie.",
                    "Kvit: \"%s\" просит у вас %s. Оплатите или откажитесь в чате.");

    private final ShareMessages messages;

    TellShareAsked(ShareMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<ShareAsked> kind() {
        return ShareAsked.class;
    }

    @Override
    public void deliver(ShareAsked event) throws DeliveryFailed {
        messages.tellOfOpen(event, TEXT);
    }
}
