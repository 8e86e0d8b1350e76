/**
 * The only producers of time, ids, randomness and keys.
 *
 * <p>Owns no tables.
 */
@NullMarked
package kvit.source;

import org.jspecify.annotations.NullMarked;
