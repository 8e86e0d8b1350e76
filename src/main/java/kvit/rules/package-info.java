/**
 * Who may pay whom, where, how much and through which channel: pure decisions over dated, reviewed
 * rules.
 *
 * <p>Owns the tables rule_set, rule, limit_counter, limit_usage and limit_override.
 */
@NullMarked
package kvit.rules;

import org.jspecify.annotations.NullMarked;
