/**
 * Group commit: many callers, one database transaction, one answer each.
 *
 * <p>Owns no tables.
 */
@NullMarked
package kvit.batch;

import org.jspecify.annotations.NullMarked;
