/**
 * The people who answer for the money: how they sign in, what each may do, and what takes two of
 * them.
 *
 * <p>Owns the tables operator, operator_session, approval and audit.
 */
@NullMarked
package kvit.operate;

import org.jspecify.annotations.NullMarked;
