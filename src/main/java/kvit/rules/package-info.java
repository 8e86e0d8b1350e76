/**
 * Who may pay whom, where, how much and through which channel: pure decisions over dated, reviewed
 * rules.
 *
 * <p>Owns the tables rule_set, rule, limit_counter and limit_usage.
 */
@NullMarked
package kvit.rules;

import org.jspecify.annotations.NullMarked;
