/**
 * Notices as they are written, to whoever listens: server-sent events, with no gap and no double
 * where a client comes back.
 *
 * <p>Owns no tables.
 */
@NullMarked
package kvit.stream;

import org.jspecify.annotations.NullMarked;
