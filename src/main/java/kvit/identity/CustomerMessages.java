package kvit.identity;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.Function;
import kvit.outbox.DeliveryFailed;
import kvit.sms.Sms;

/** Tells a customer something by their phone, which other capabilities do not know. */
@ApplicationScoped
public class CustomerMessages {

    private final Customers customers;
    private final CodeMessages messages;

    CustomerMessages(Customers customers, CodeMessages messages) {
        this.customers = customers;
        this.messages = messages;
    }

    /**
     * Blocks for as long as the gateway does; not in a transaction.
     *
     * @param text by the customer's locale, BCP 47
     * @throws DeliveryFailed when it was not accepted
     */
    public void send(UUID customer, Function<String, String> text) throws DeliveryFailed {
        messages.send(QuarkusTransaction.requiringNew().call(() -> sms(customer, text)));
    }

    private Sms sms(UUID customer, Function<String, String> text) {
        var owner = customers.findById(customer);
        return new Sms(owner.phone, text.apply(owner.locale), null);
    }
}
