package kvit.ledger;

import java.util.Collection;
import java.util.UUID;

/** What is asked of the books in one list: to move money, or to promise it. */
public sealed interface Move permits Posting, Promise {

    /** The id of what caused it. */
    UUID id();

    /** All that have to be locked to decide it. */
    Collection<Account> accounts();
}
