package kvit.settlement;

import static kvit.settlement.SettlementProblem.SETTLEMENT_ACCOUNT_TAKEN;

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

    /**
     * As two would have to want it, checked: whoever approves it should not be the first to find a
     * mistake. An account that two sources bring is counted twice by whoever counts what is there.
     *
     * @throws Problem VALIDATION_FAILED, SETTLEMENT_ACCOUNT_TAKEN
     */
    SettlementSource checked(SourceDraft draft) {
        var source = draft.checked(store.find(draft.code()).orElse(null));
        store.all().stream()
                .filter(it -> !it.code().equals(source.code()) && it.sharesAccountWith(source))
                .findFirst()
                .ifPresent(
                        it -> {
                            throw SETTLEMENT_ACCOUNT_TAKEN
                                    .because("Switch that one off first; its statements stay.")
                                    .with("source", it.code());
                        });
        return source;
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
     * @throws Problem SETTLEMENT_ACCOUNT_TAKEN; VALIDATION_FAILED where a release in between has
     *     become stricter
     */
    @Override
    public void carryOut(SourceDraft draft, Agreed agreed) {
        store.put(checked(draft), clock.instant());
    }

    private int version(SourceDraft draft) {
        return store.find(draft.code()).map(SettlementSource::version).orElse(0);
    }
}
