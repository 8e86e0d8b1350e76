package kvit.identity;

import java.util.UUID;

/** The cards that people have proved to be theirs; kept elsewhere. */
public interface KnownCards {

    /**
     * Asked outside of any database transaction. As long for somebody who has no card as for
     * somebody who has.
     *
     * @param last4 the last digits of its number
     */
    boolean hasActiveEndingWith(UUID customer, String last4);
}
