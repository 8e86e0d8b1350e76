package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import kvit.identity.Blocks;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.identity.People;
import kvit.outbox.DeliveryFailed;
import kvit.throttle.RateLimits;

/** Tells people of shares, with the other one's name and the amount. */
@ApplicationScoped
class ShareMessages {

    private final RequestStore store;
    private final People people;
    private final Blocks blocks;
    private final CustomerMessages messages;
    private final RateLimits rates;
    private final RateLimits.Limit limit;

    ShareMessages(
            RequestStore store,
            People people,
            Blocks blocks,
            CustomerMessages messages,
            RateLimits rates,
            RequestConfig config) {
        this.store = store;
        this.people = people;
        this.blocks = blocks;
        this.messages = messages;
        this.rates = rates;
        this.limit = new RateLimits.Limit(config.messagesPerDay(), Duration.ofDays(1));
    }

    /**
     * Waits for as long as the gateway does; not in a transaction. Says nothing to whoever has had
     * enough of them for a day, and nothing of one between whom and them a block stands.
     *
     * @param text of a name and an amount
     * @throws DeliveryFailed when it was not accepted
     */
    void tell(ShareEvent event, CustomerText text) throws DeliveryFailed {
        if (blocks.areBetween(event.customer(), event.other())) {
            return;
        }
        var bucket = "request-message:" + event.customer();
        if (rates.take(bucket, 1, limit).isPresent()) {
            return;
        }
        var name = name(event.other());
        try {
            messages.send(event.customer(), locale -> text.in(locale, name, event.amount()));
        } catch (DeliveryFailed e) {
            // Nobody has had it, and it will be tried again.
            rates.giveBack(bucket, 1, limit);
            throw e;
        }
    }

    /** The same, unless it is settled by now: a message may be late, and nobody pays twice. */
    void tellOfOpen(ShareEvent event, CustomerText text) throws DeliveryFailed {
        var isOpen =
                store.find(event.request()).stream()
                        .flatMap(it -> it.in(ShareState.OPEN).stream())
                        .anyMatch(it -> it.id().equals(event.share()));
        if (isOpen) {
            tell(event, text);
        }
    }

    private String name(UUID id) {
        var person = people.byIds(List.of(id)).get(id);
        return person == null ? id.toString() : person.called();
    }
}
