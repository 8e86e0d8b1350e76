/**
 * What customers claim of transfers between wallets: that they did not send one, or not so. Until
 * when it has to be answered, whose money they have meanwhile, and how it ended.
 *
 * <p>Owns the tables claim, claim_policy, claim_credit and claim_credit_return.
 */
@NullMarked
package kvit.claim;

import org.jspecify.annotations.NullMarked;
