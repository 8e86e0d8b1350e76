package kvit.rules;

import java.util.List;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What the rules say to one side of what happens.
 *
 * @param ruleSet the version of the rules that said it
 * @param matched id and version of the rule that was decisive for each kind, in the order of kinds
 * @param limits what is still to be counted in the money's own transaction; empty when refused
 * @param refusal null when it is allowed
 */
record Verdict(long ruleSet, List<String> matched, List<Rule> limits, @Nullable Problem refusal) {}
