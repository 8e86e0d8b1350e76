package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.outbox.DeliveryFailed;
import kvit.sms.Sms;
import org.jboss.logging.Logger;

/**
 * Tells whoever has a phone, and is no customer, that something waits for them here. A message that
 * strangers cause is what a spammer would like to send, so there are few of them.
 */
@ApplicationScoped
public class Invitations {

    private static final Logger LOG = Logger.getLogger(Invitations.class);

    private final Phones phones;
    private final SendLimits limits;
    private final CodeMessages messages;

    Invitations(Phones phones, SendLimits limits, CodeMessages messages) {
        this.phones = phones;
        this.limits = limits;
        this.messages = messages;
    }

    /**
     * Blocks for as long as the gateway does; not in a transaction. Says nothing where too many
     * were sent before: to this phone, or on behalf of this customer.
     *
     * @param on on whose behalf
     * @throws DeliveryFailed when it was not accepted
     */
    public void invite(UUID on, String phone, String text) throws DeliveryFailed {
        var reached = phones.known(phone);
        if (limits.mayInvite(on, reached)) {
            messages.send(new Sms(phone, text, null));
        } else {
            LOG.infof("%s is not told of what waits for them: too many messages", reached);
        }
    }
}
