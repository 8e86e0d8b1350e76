package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells the owner that their PIN was reset, always: each takes a sign-in, and those are few. */
@ApplicationScoped
class TellPinReset implements Subscriber<PinReset> {

    private final PinNotices notices;
    private final Wording wording;

    TellPinReset(PinNotices notices, Wording wording) {
        this.notices = notices;
        this.wording = wording;
    }

    @Override
    public Class<PinReset> kind() {
        return PinReset.class;
    }

    @Override
    public void deliver(PinReset event) throws DeliveryFailed {
        notices.send(event.customer(), wording::resetPin);
    }
}
