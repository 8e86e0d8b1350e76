package kvit.identity;

import java.util.UUID;

/** Who waits for somebody to prove a phone; kept elsewhere. */
public interface ProvenPhones {

    /**
     * A customer has just typed in a code that was sent to their phone. Called in the transaction
     * that lets them in, and quick.
     */
    void proven(UUID customer, String phone);
}
