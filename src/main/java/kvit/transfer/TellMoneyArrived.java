package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.identity.People;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;
import kvit.throttle.RateLimits;

/** Tells somebody of money who would not hear of it otherwise; a few times a day at the most. */
@ApplicationScoped
class TellMoneyArrived implements Subscriber<MoneyArrived> {

    private static final CustomerText ONE =
            new CustomerText(
                    "Kvit: you have received %s from \"%s\". Sign in to see it.",
                    "Kvit : vous avez reçu %s de \"%s\". Connectez-vous pour le voir.",
                    "Kvit: вы получили %s, отправитель \"%s\". Войдите, чтобы посмотреть.");

    private static final CustomerText MORE =
            new CustomerText(
                    "Kvit: you have received %s from \"%s\" and %s more payments. Sign in to see"
                            + " them.",
                    "Kvit : vous avez reçu %s de \"%s\" et %s autres paiements. Connectez-vous pour"
                            + " les voir.",
                    "Kvit: вы получили %s, отправитель \"%s\", и ещё платежей: %s. Войдите, чтобы"
                            + " посмотреть.");

    private final People people;
    private final CustomerMessages messages;
    private final RateLimits rates;
    private final RateLimits.Limit limit;

    TellMoneyArrived(
            People people, CustomerMessages messages, RateLimits rates, TransferConfig config) {
        this.people = people;
        this.messages = messages;
        this.rates = rates;
        this.limit = new RateLimits.Limit(config.messagesPerDay(), Duration.ofDays(1));
    }

    @Override
    public Class<MoneyArrived> kind() {
        return MoneyArrived.class;
    }

    @Override
    public void deliver(MoneyArrived event) throws DeliveryFailed {
        if (rates.take("arrival-message:" + event.customer(), 1, limit).isPresent()) {
            return;
        }
        var sender = people.byIds(List.of(event.other())).get(event.other());
        var name = sender == null ? event.other().toString() : sender.called();
        messages.send(
                event.customer(),
                locale ->
                        event.more() == 0
                                ? ONE.in(locale, event.amount(), name)
                                : MORE.in(locale, event.amount(), name, event.more()));
    }
}
