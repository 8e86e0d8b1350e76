package kvit.rules;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.source.Clock;

/** A new version of a rule, or a new rule: what operators propose and approve. */
@ApplicationScoped
class ChangeRule implements FourEyes<RuleDraft> {

    private final RuleStore store;
    private final Clock clock;

    ChangeRule(RuleStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public String action() {
        return "rules.change";
    }

    @Override
    public Class<RuleDraft> payload() {
        return RuleDraft.class;
    }

    @Override
    public String resource(RuleDraft draft) {
        return draft.id();
    }

    @Override
    public String basis(RuleDraft draft) {
        return draft.id() + "@" + store.newestVersion(draft.id());
    }

    /**
     * Every replica decides by it from the same moment on, a few seconds later.
     *
     * @throws Problem VALIDATION_FAILED where a release in between has become stricter
     */
    @Override
    public void carryOut(RuleDraft draft, Agreed agreed) {
        var rule = draft.checked(store.newestVersion(draft.id()) + 1);
        store.publish(rule, agreed, clock.instant());
    }
}
