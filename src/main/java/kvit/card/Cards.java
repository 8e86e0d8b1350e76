package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Cards as whoever moves money by them sees them: without what is in the vault. */
@ApplicationScoped
public class Cards {

    private final CardStore store;

    Cards(CardStore store) {
        this.store = store;
    }

    /** One of theirs, in whatever state; empty where they have no such card or were never told. */
    public Optional<Card> find(UUID customer, UUID card) {
        return store.find(customer, card).filter(Card::isKnown);
    }

    /** Those of these who have activated one: that is for good, also where it is gone by now. */
    public Set<UUID> ownersAmong(Collection<UUID> customers) {
        return store.ownersAmong(customers);
    }
}
