/**
 * What only a sandbox has: the message inbox, free money, a clock that can be set forward, demo
 * people.
 *
 * <p>Owns the table sandbox_clock.
 */
@NullMarked
package kvit.sandbox;

import org.jspecify.annotations.NullMarked;
