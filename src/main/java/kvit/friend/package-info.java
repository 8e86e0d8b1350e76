/**
 * Friends by mutual consent, and ending it all by a block, whose table {@code identity} has.
 *
 * <p>Owns the table friendship.
 */
@NullMarked
package kvit.friend;

import org.jspecify.annotations.NullMarked;
