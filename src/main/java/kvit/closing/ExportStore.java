package kvit.closing;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import kvit.database.Database;

/** The table personal_export. */
@ApplicationScoped
class ExportStore {

    private final Database database;

    ExportStore(Database database) {
        this.database = database;
    }

    void insert(UUID customer, UUID id, UUID session, String client, Instant at) {
        database.update(
                "insert into personal_export (customer, id, session, client, at) values (?, ?, ?,"
                        + " ?, ?)",
                in -> in.uuid(customer).uuid(id).uuid(session).text(client).time(at));
    }
}
