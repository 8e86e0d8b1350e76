/**
 * Amounts: integer minor units of one currency, exact or an exception.
 *
 * <p>Owns no tables.
 */
@NullMarked
package kvit.money;

import org.jspecify.annotations.NullMarked;
