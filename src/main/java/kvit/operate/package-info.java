/**
 * The people who answer for the money: how they sign in, what each may do, and what takes two of
 * them.
 *
 * <p>Owns the tables operator, operator_guard, operator_session, approval, audit and those of its
 * chain: audit_link, audit_head, audit_seal.
 */
@NullMarked
package kvit.operate;

import org.jspecify.annotations.NullMarked;
