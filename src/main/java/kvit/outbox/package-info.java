/**
 * Events, stored with the change that caused them and delivered at least once.
 *
 * <p>Owns the table outbox.
 */
@NullMarked
package kvit.outbox;

import org.jspecify.annotations.NullMarked;
