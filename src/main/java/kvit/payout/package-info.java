/**
 * Money from the wallet to a card: handed over in time, taken back as long as it was not, and back
 * in the wallet where it does not arrive.
 *
 * <p>Owns the tables payout and payout_cancellation.
 */
@NullMarked
package kvit.payout;

import org.jspecify.annotations.NullMarked;
