/**
 * Long lists in parts: how many at once, and where the next part begins.
 *
 * <p>Owns no table.
 */
@NullMarked
package kvit.paging;

import org.jspecify.annotations.NullMarked;
