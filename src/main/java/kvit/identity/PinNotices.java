package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.Function;
import kvit.outbox.DeliveryFailed;

/**
 * Tells people of what was done with their PIN, by the phone: whoever did it may have only the
 * device.
 */
@ApplicationScoped
class PinNotices {

    private final Phones phones;
    private final SendLimits limits;
    private final CustomerMessages messages;

    PinNotices(Phones phones, SendLimits limits, CustomerMessages messages) {
        this.phones = phones;
        this.limits = limits;
        this.messages = messages;
    }

    /**
     * Whether there is to be a message of one more change. Counted here and not when it is sent,
     * because that may take more than one attempt. Outside of any transaction.
     */
    boolean mayTell(String phone) {
        return limits.mayTell(phones.known(phone));
    }

    /**
     * @param text by the person's locale
     * @throws DeliveryFailed when it was not accepted
     */
    void send(UUID customer, Function<String, String> text) throws DeliveryFailed {
        messages.send(customer, text);
    }
}
