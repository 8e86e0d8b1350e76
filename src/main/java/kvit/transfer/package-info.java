/**
 * Sending money from wallet to wallet, letting it wait, giving it back, and looking at what was
 * sent.
 *
 * <p>Owns the tables transfer and cancellation.
 */
@NullMarked
package kvit.transfer;

import org.jspecify.annotations.NullMarked;
