/**
 * Sending money from wallet to wallet, giving it back, and looking at what was sent.
 *
 * <p>Owns the table transfer.
 */
@NullMarked
package kvit.transfer;

import org.jspecify.annotations.NullMarked;
