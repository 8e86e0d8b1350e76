package kvit.settlement;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Files and their lines, for those who compare them with the books. */
@ApplicationScoped
public class SettlementFiles {

    private final FileStore store;
    private final LineStore lines;

    SettlementFiles(FileStore store, LineStore lines) {
        this.store = store;
        this.lines = lines;
    }

    /** Also one that was refused: look at its state. */
    public Optional<FileView> find(UUID id) {
        return store.find(id);
    }

    /** In the order of the file, those after a number; there are none of one that was refused. */
    public List<SettlementLine> lines(UUID file, int after, int limit) {
        return lines.list(file, after, limit);
    }

    /** The bank statements in a file, in its order; none in a processor's. */
    public List<Statement> statements(UUID file) {
        return lines.statements(file);
    }
}
