/**
 * Closing an account: what is in its way, what is given back and erased, what stays of it, and
 * taking all of one's data away.
 *
 * <p>Owns the tables closing and personal_export.
 */
@NullMarked
package kvit.closing;

import org.jspecify.annotations.NullMarked;
