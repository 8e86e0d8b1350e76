package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody who waits for money within minutes that it takes days. */
@ApplicationScoped
class TellPayoutSlowed implements Subscriber<PayoutSlowed> {

    private static final CustomerText TEXT =
            new CustomerText(
                    "Kvit: your payout of %s could not be instant. It is on its way, takes a few"
                            + " business days and costs you no fee.",
                    "Kvit : votre versement de %s n'a pas pu être instantané. Il est en route, prend"
                            + " quelques jours ouvrés et est sans frais.",
                    "Kvit: мгновенный вывод %s не удался. Деньги придут в течение нескольких"
                            + " рабочих дней, без комиссии.");

    private final CustomerMessages messages;

    TellPayoutSlowed(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<PayoutSlowed> kind() {
        return PayoutSlowed.class;
    }

    @Override
    public void deliver(PayoutSlowed event) throws DeliveryFailed {
        messages.send(event.customer(), locale -> TEXT.in(locale, event.amount()));
    }
}
