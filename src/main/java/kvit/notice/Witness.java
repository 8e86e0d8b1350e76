package kvit.notice;

import java.util.List;

/**
 * Somebody who does more about what people are told. A bean; called in the transaction that writes
 * the notices, once per notice that there is: what it stores with that transaction is stored once.
 */
public interface Witness {

    /** Quick and over the whole list: everybody's notices wait for it. */
    void told(List<Told> all);
}
