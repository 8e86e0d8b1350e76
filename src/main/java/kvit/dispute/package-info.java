/**
 * Charges that cardholders contest: who has the money meanwhile, and who bears it in the end.
 *
 * <p>Owns the table dispute.
 */
@NullMarked
package kvit.dispute;

import org.jspecify.annotations.NullMarked;
