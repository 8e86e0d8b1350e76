package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody that what they have asked for is not paid. */
@ApplicationScoped
class TellShareDeclined implements Subscriber<ShareDeclined> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: \"%s\" declines to pay you %s.",
                    "Kvit : \"%s\" refuse de vous payer %s.",
                    "Kvit: \"%s\" отказывается заплатить вам %s.");

    private final ShareMessages messages;

    TellShareDeclined(ShareMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<ShareDeclined> kind() {
        return ShareDeclined.class;
    }

    @Override
    public void deliver(ShareDeclined event) throws DeliveryFailed {
        messages.tell(event, TEXT);
    }
}
