package kvit.card;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import kvit.outbox.Outbox;
import kvit.source.Clock;

/** Removes what is left of somebody's cards, in the transaction in which they leave. */
@ApplicationScoped
public class RemoveAllCards {

    private static final String ACCOUNT_CLOSED = "account-closed";

    private final CardStore store;
    private final Outbox outbox;
    private final Clock clock;

    RemoveAllCards(CardStore store, Outbox outbox, Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Transactional(MANDATORY)
    public void of(UUID customer) {
        store.living(customer).stream()
                .map(it -> store.lock(customer, it.id()).orElseThrow())
                .filter(it -> it.state().isLiving())
                .forEach(this::remove);
    }

    private void remove(Card card) {
        var now = clock.instant();
        store.ended(card.become(CardState.REMOVED), ACCOUNT_CLOSED, now);
        outbox.add(List.of(new CardRemoved(card.id(), card.customer(), ACCOUNT_CLOSED, now)));
    }
}
