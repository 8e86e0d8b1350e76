package kvit.card;

import java.util.UUID;

/** Who waits for somebody to have a card; kept elsewhere. */
public interface CardOwners {

    /** A customer has just activated a card. Called in the transaction that does it, and quick. */
    void activated(UUID customer);
}
