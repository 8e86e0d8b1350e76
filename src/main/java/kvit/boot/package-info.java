/**
 * Starting and stopping: the mode, the bundled PostgreSQL, what live mode insists on.
 *
 * <p>Owns no tables.
 */
@NullMarked
package kvit.boot;

import org.jspecify.annotations.NullMarked;
