/**
 * The key that a client gives to one intention, and the answer that every request with it gets.
 *
 * <p>Owns no tables: the record of a key is the row that it created, wherever that is.
 */
@NullMarked
package kvit.idempotency;

import org.jspecify.annotations.NullMarked;
