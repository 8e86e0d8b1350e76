package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.outbox.DeliveryFailed;
import kvit.sms.Sms;
import kvit.sms.SmsFailed;
import kvit.sms.SmsGateway;

/** Hands a message to the gateway, and its failures to the outbox. */
@ApplicationScoped
class CodeMessages {

    private final SmsGateway gateway;

    CodeMessages(SmsGateway gateway) {
        this.gateway = gateway;
    }

    /**
     * Blocks for as long as the gateway does; not in a transaction.
     *
     * @throws DeliveryFailed when it was not accepted
     */
    void send(Sms sms) throws DeliveryFailed {
        try {
            gateway.send(sms);
        } catch (SmsFailed e) {
            var reason = String.valueOf(e.getMessage());
            throw e.retryable()
                    ? DeliveryFailed.forNow(reason, e.retryAfter())
                    : DeliveryFailed.forGood(reason);
        }
    }
}
