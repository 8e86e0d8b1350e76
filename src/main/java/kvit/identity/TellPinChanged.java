package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells the owner of a PIN that there is one, or another one. */
@ApplicationScoped
class TellPinChanged implements Subscriber<PinChanged> {

    private final PinNotices notices;
    private final Wording wording;

    TellPinChanged(PinNotices notices, Wording wording) {
        this.notices = notices;
        this.wording = wording;
    }

    @Override
    public Class<PinChanged> kind() {
        return PinChanged.class;
    }

    @Override
    public void deliver(PinChanged event) throws DeliveryFailed {
        if (event.isTold()) {
            notices.send(
                    event.customer(), event.isFirst() ? wording::firstPin : wording::changedPin);
        }
    }
}
