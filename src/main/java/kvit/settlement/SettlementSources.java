package kvit.settlement;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import kvit.problem.Problem;
import kvit.source.Clock;

/** Who sends files, for those who compare them with the books. */
@ApplicationScoped
public class SettlementSources {

    private final SourceStore store;
    private final Clock clock;

    SettlementSources(SourceStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** All of them by code, also those that are not active any more. */
    public List<SettlementSource> all() {
        return store.all();
    }

    public Optional<SettlementSource> find(String code) {
        return store.find(code);
    }

    /**
     * Where there is no operator to propose it: the sandbox's own. What is there already is left
     * alone.
     *
     * @throws Problem VALIDATION_FAILED where nothing could be read by its profile
     */
    public void register(SettlementSource source) {
        if (source.profile() != null) {
            CsvForm.of(source.profile());
        }
        store.insertNew(source, clock.instant());
    }
}
