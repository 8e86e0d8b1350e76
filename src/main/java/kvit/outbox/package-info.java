/**
 * Events, stored with the change that caused them and delivered at least once; and all of them in
 * the order of their commits, for whoever reads them each once.
 *
 * <p>Owns the tables outbox and outbox_reader.
 */
@NullMarked
package kvit.outbox;

import org.jspecify.annotations.NullMarked;
