package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that what they have asked for was paid. */
@ApplicationScoped
class TellSharePaid implements Subscriber<SharePaid> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: \"%s\" has paid you %s, as you asked.",
                    "Kvit : \"%s\" vous a payé %s, comme demandé.",
                    "Kvit: от \"%s\" по вашему запросу получено %s.");

    private final ShareMessages messages;

    TellSharePaid(ShareMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<SharePaid> kind() {
        return SharePaid.class;
    }

    @Override
    public void deliver(SharePaid event) throws DeliveryFailed {
        messages.tell(event, TEXT);
    }
}
