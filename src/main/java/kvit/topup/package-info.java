/**
 * Charging cards: for the wallet of whoever has the card, and for transfers that a card pays for;
 * and giving back what was charged in vain.
 *
 * <p>Owns the tables top_up and charge_return.
 */
@NullMarked
package kvit.topup;

import org.jspecify.annotations.NullMarked;
