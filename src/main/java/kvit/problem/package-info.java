/**
 * Refusals and failures as RFC 9457 problems, all through one mapper.
 *
 * <p>Owns no tables.
 */
@NullMarked
package kvit.problem;

import org.jspecify.annotations.NullMarked;
