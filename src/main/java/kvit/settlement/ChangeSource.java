package kvit.settlement;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import kvit.source.Clock;

/** A new source, or another version of one: what operators propose and approve. */
@ApplicationScoped
class ChangeSource implements FourEyes<SourceDraft> {

    private final SourceStore store;
    private final Clock clock;

    ChangeSource(SourceStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public String action() {
        return "settlement-sources.change";
    }

    @Override
    public Class<SourceDraft> payload() {
        return SourceDraft.class;
    }

    @Override
    public String resource(SourceDraft draft) {
        return draft.code();
    }

    @Override
    public String basis(SourceDraft draft) {
        return draft.code() + "@" + version(draft);
    }

    /**
     * Files that come from now on are read by it; those that were read stay as they are.
     *
     * @throws Problem VALIDATION_FAILED where a release in between has become stricter
     */
    @Override
    public void carryOut(SourceDraft draft, Agreed agreed) {
        store.put(checked(draft), clock.instant());
    }

    /**
     * What it would become.
     *
     * @throws Problem VALIDATION_FAILED
     */
    SettlementSource checked(SourceDraft draft) {
        return draft.checked(store.find(draft.code()).orElse(null));
    }

    private int version(SourceDraft draft) {
        return store.find(draft.code()).map(SettlementSource::version).orElse(0);
    }
}
