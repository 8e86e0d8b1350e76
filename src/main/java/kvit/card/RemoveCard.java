package kvit.card;

import static kvit.card.CardProblem.CARD_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Removes a card: destroys its number and the key to it. What stays is who did it when, in the row.
 */
@ApplicationScoped
class RemoveCard {

    private static final String BY_OWNER = "by-owner";

    private final CardStore store;
    private final MoneyTransactions transactions;
    private final Outbox outbox;
    private final Clock clock;

    RemoveCard(CardStore store, MoneyTransactions transactions, Outbox outbox, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * One that has ended already stays as it is.
     *
     * @throws Problem CARD_NOT_FOUND
     */
    void remove(UUID customer, UUID id) {
        transactions.keyed(
                () -> {
                    var card =
                            store.lock(customer, id)
                                    .filter(Card::isKnown)
                                    .orElseThrow(
                                            () -> CARD_NOT_FOUND.because("No such card of yours."));
                    if (card.state().isLiving()) {
                        var now = clock.instant();
                        store.ended(card.become(CardState.REMOVED), BY_OWNER, now);
                        outbox.add(List.of(new CardRemoved(id, customer, BY_OWNER, now)));
                    }
                    return card.id();
                });
    }
}
