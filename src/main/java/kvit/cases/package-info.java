/**
 * Customers as operators look into them: found by what they are known by, with all that is theirs
 * in one place, and the limits that are other ones for them.
 *
 * <p>Owns no table.
 */
@NullMarked
package kvit.cases;

import org.jspecify.annotations.NullMarked;
