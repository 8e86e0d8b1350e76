package kvit.rules;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What the rules say to one side of what happens.
 *
 * @param ruleSet the version of the rules that said it
 * @param matched id and version of the rules that were decisive for each kind, in the order of
 *     kinds
 * @param demands what it needs before the money moves, and the rule that says so, in the order of
 *     demands; empty when refused
 * @param limits what is still to be counted in the money's own transaction; empty when refused
 * @param thresholds what it may keep to, with what was moved since the last confirmation, and needs
 *     none then; counted there, too; empty when it needs one anyway
 * @param arrivesWithin how long it may wait for its payee; null where no rule says so
 * @param refusal null when it is allowed
 */
record Verdict(
        long ruleSet,
        List<String> matched,
        Map<Demand, Rule> demands,
        List<Rule> limits,
        List<Rule> thresholds,
        @Nullable Duration arrivesWithin,
        @Nullable Problem refusal) {}
