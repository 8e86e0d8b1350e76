package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Reminds somebody of what they are asked for. */
@ApplicationScoped
class TellShareReminded implements Subscriber<ShareReminded> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: \"%s\" reminds you: you were asked for %s.",
                    "Kvit : \"%s\" vous rappelle sa demande de %s.",
                    "Kvit: \"%s\" напоминает: у вас просили %s.");

    private final ShareMessages messages;

    TellShareReminded(ShareMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<ShareReminded> kind() {
        return ShareReminded.class;
    }

    @Override
    public void deliver(ShareReminded event) throws DeliveryFailed {
        messages.tellOfOpen(event, TEXT);
    }
}
