package kvit.transfer;

import java.util.UUID;
import kvit.idempotency.IdempotencyKey;
import kvit.idempotency.Keys;
import kvit.identity.ClientApp;

/**
 * A request to move money under a key.
 *
 * @param payer whose key it is, and whose money
 * @param fingerprint SHA-256 in hex of what was asked for: the same key with another one is a
 *     mistake
 * @param requestId of the HTTP request, for the answer
 * @param client the front end that asks; not a part of what is asked for
 * @param order what was asked for
 * @param <O> the kind of order
 */
record Attempt<O>(
        UUID payer,
        IdempotencyKey key,
        String fingerprint,
        String requestId,
        ClientApp client,
        O order) {

    /** What makes a key unique: another person's same key is another key. */
    record Owned(UUID payer, String key) {

        /** The same to those who know of more than transfers. */
        Keys.Owned elsewhere() {
            return new Keys.Owned(payer, key);
        }
    }

    Owned owned() {
        return new Owned(payer, key.value());
    }

    /** What is carried out, where that is more than was asked for; recognised as before. */
    <P> Attempt<P> with(P more) {
        return new Attempt<>(payer, key, fingerprint, requestId, client, more);
    }
}
