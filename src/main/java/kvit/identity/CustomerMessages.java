package kvit.identity;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import kvit.outbox.DeliveryFailed;
import kvit.sms.Sms;

/** Tells a customer something by their phone, which other capabilities do not know. */
@ApplicationScoped
public class CustomerMessages {

    private final Customers customers;
    private final FormerCustomers former;
    private final CodeMessages messages;

    CustomerMessages(Customers customers, FormerCustomers former, CodeMessages messages) {
        this.customers = customers;
        this.former = former;
        this.messages = messages;
    }

    /**
     * Blocks for as long as the gateway does; not in a transaction. Of one who has left, the phone
     * may be somebody else's by now, who is not told; nor is anybody once it is forgotten.
     *
     * @param text by the customer's locale, BCP 47
     * @throws DeliveryFailed when it was not accepted
     */
    public void send(UUID customer, Function<String, String> text) throws DeliveryFailed {
        var sms = QuarkusTransaction.requiringNew().call(() -> sms(customer, text));
        if (sms.isPresent()) {
            messages.send(sms.get());
        }
    }

    private Optional<Sms> sms(UUID customer, Function<String, String> text) {
        var owner = customers.findById(customer);
        return phone(owner).map(it -> new Sms(it, text.apply(owner.locale), null));
    }

    private Optional<String> phone(Customer owner) {
        return owner.phone != null
                ? Optional.of(owner.phone)
                : former.find(owner.id)
                        .map(FormerCustomers.Former::phone)
                        .filter(it -> customers.byPhone(it).isEmpty());
    }
}
