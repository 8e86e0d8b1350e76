package kvit.reconcile;

import java.util.List;

/** The rules in their order, and which version of them that is. */
record RuleSet(long version, List<Rule> rules) {

    RuleSet {
        rules = List.copyOf(rules);
    }
}
