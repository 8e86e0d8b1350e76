/**
 * Who has paid whom, for those who may see it. Never how much.
 *
 * <p>Owns no table; reads transfers through the view feed_entry, which cannot tell an amount.
 */
@NullMarked
package kvit.feed;

import org.jspecify.annotations.NullMarked;
