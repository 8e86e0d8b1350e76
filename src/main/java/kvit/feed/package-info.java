/**
 * Who has paid whom, for those who may see it. Never how much.
 *
 * <p>Owns no table; reads the views feed_entry, which cannot tell an amount, and feed_hidden.
 */
@NullMarked
package kvit.feed;

import org.jspecify.annotations.NullMarked;
