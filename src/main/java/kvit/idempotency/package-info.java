/**
 * The key that a client gives to one intention, and the answer that every request with it gets.
 *
 * <p>The record of a key is the row that it created, wherever that is. Owns the table used_key, by
 * which a key is found that was taken for something else.
 */
@NullMarked
package kvit.idempotency;

import org.jspecify.annotations.NullMarked;
