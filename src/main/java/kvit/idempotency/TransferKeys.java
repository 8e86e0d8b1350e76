package kvit.idempotency;

import java.util.Optional;
import java.util.UUID;

/**
 * Keys of transfers, of refunds and of cancellations, whose rows are their own records; kept
 * elsewhere.
 */
public interface TransferKeys {

    /** The transfer that a key of a customer's stands for; empty where it is free there. */
    Optional<UUID> transferOf(UUID customer, String key);
}
