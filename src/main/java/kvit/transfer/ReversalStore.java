package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;

/** The table reversal. */
@ApplicationScoped
class ReversalStore {

    /**
     * Whose doing it was that a transfer was taken back.
     *
     * @param id of the refund that it was
     * @param proposedBy e-mail, and so is the other one
     */
    record Reversal(
            UUID transfer,
            UUID id,
            String reason,
            String proposedBy,
            String approvedBy,
            Instant at) {}

    private final Database database;

    ReversalStore(Database database) {
        this.database = database;
    }

    void insert(Reversal reversal) {
        database.update(
                """
                insert into reversal (transfer, id, reason, proposed_by, approved_by, at)
                values (?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(reversal.transfer())
                                .uuid(reversal.id())
                                .text(reversal.reason())
                                .text(reversal.proposedBy())
                                .text(reversal.approvedBy())
                                .time(reversal.at()));
    }

    Optional<Reversal> find(UUID transfer) {
        return database.find(
                "select transfer, id, reason, proposed_by, approved_by, at from reversal where transfer = ?",
                in -> in.uuid(transfer),
                row ->
                        new Reversal(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getTimestamp(6).toInstant()));
    }
}
