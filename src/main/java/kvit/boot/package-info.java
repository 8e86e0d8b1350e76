/** Starting and stopping: the mode, the bundled PostgreSQL, what live mode insists on. */
@NullMarked
package kvit.boot;

import org.jspecify.annotations.NullMarked;
