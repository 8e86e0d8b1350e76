/**
 * SQL for the stores, where Hibernate has no form for it: a list of any length is one statement.
 *
 * <p>Owns no tables.
 */
@NullMarked
package kvit.database;

import org.jspecify.annotations.NullMarked;
