/**
 * The people who answer for the money: how they sign in, what each may do, and what takes two of
 * them.
 *
 * <p>Owns the tables operator, operator_session and approval.
 */
@NullMarked
package kvit.operate;

import org.jspecify.annotations.NullMarked;
