/**
 * Money from the wallet to a card: handed over in time, taken back as long as it was not, and back
 * in the wallet where it does not arrive.
 *
 * <p>Owns the tables payout, payout_cancellation and payout_trip.
 */
@NullMarked
package kvit.payout;

import org.jspecify.annotations.NullMarked;
