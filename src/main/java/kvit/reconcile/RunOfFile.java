package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.settlement.PostedFiles;

/** Tells whoever would withdraw a file that it is too late. */
@ApplicationScoped
class RunOfFile implements PostedFiles {

    private final Database database;

    RunOfFile(Database database) {
        this.database = database;
    }

    @Override
    public Optional<UUID> runOf(UUID file) {
        return database.find(
                "select run from recon_file where file = ?",
                in -> in.uuid(file),
                row -> row.getObject(1, UUID.class));
    }
}
