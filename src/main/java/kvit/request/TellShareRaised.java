package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that they are asked for more than before. */
@ApplicationScoped
class TellShareRaised implements Subscriber<ShareRaised> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: \"%s\" now asks you for %s, because somebody else has declined.",
                    "Kvit : \"%s\" vous demande désormais %s, car quelqu'un d'autre a refusé.",
                    "Kvit: \"%s\" теперь просит у вас %s, потому что другой участник отказался.");

    private final ShareMessages messages;

    TellShareRaised(ShareMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<ShareRaised> kind() {
        return ShareRaised.class;
    }

    @Override
    public void deliver(ShareRaised event) throws DeliveryFailed {
        messages.tellOfOpen(event, TEXT);
    }
}
