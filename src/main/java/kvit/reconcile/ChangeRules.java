package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import kvit.operate.FourEyes;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.reconcile.ChangeRules.Proposed;
import kvit.source.Clock;

/** Another version of the rules that lines are matched by, all of them at once. */
@ApplicationScoped
class ChangeRules implements FourEyes<Proposed> {

    /** The rules in their order. */
    record Proposed(List<Rule> rules) {}

    private final RuleSets store;
    private final Clock clock;

    ChangeRules(RuleSets store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Two rules that look at the same come from a mistake, and what no rule looks at is a break.
     *
     * @throws Problem VALIDATION_FAILED
     */
    static Proposed checked(List<Rule> rules) {
        var names = new HashSet<String>();
        var seen = EnumSet.noneOf(Rule.By.class);
        for (var rule : rules) {
            if (!names.add(rule.name()) || !seen.add(rule.by())) {
                throw GeneralProblem.invalid(
                        "/rules", "has two of one name, or two that compare" + " the same");
            }
        }
        return new Proposed(List.copyOf(rules));
    }

    @Override
    public String action() {
        return "reconciliation.change-rules";
    }

    @Override
    public Class<Proposed> payload() {
        return Proposed.class;
    }

    @Override
    public String resource(Proposed proposed) {
        return "rules";
    }

    @Override
    public String basis(Proposed proposed) {
        return "version " + store.newest().version();
    }

    /** Plans of before are stale from now on. */
    @Override
    public void carryOut(Proposed proposed, Agreed agreed) {
        store.publish(
                new RuleSet(store.newest().version() + 1, proposed.rules()),
                agreed,
                clock.instant());
    }
}
