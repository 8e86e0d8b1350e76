package kvit.rules;

import java.time.Instant;

/**
 * One change of the rules.
 *
 * @param effectiveAt from when it decided
 */
record RuleSetView(
        long version,
        Instant publishedAt,
        Instant effectiveAt,
        String reason,
        String proposedBy,
        String approvedBy) {}
