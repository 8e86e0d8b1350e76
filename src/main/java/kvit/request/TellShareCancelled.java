package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that they need not pay any more. */
@ApplicationScoped
class TellShareCancelled implements Subscriber<ShareCancelled> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: \"%s\" does not ask you for %s any more.",
                    "Kvit : \"%s\" ne vous demande plus %s.",
                    "Kvit: \"%s\" больше не просит у вас %s.");

    private final ShareMessages messages;

    TellShareCancelled(ShareMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<ShareCancelled> kind() {
        return ShareCancelled.class;
    }

    @Override
    public void deliver(ShareCancelled event) throws DeliveryFailed {
        messages.tell(event, TEXT);
    }
}
