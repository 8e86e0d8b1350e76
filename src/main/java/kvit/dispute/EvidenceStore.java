package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;

/** The tables dispute_evidence and dispute_submission. */
@ApplicationScoped
class EvidenceStore {

    /** That what there was has been handed in, and by whom. */
    record Submission(String by, Instant at) {}

    private static final String SELECT =
            """
            select id, dispute, text, name, media_type, content, added_by, added_at,
                   encode(sha256(content), 'hex')
              from dispute_evidence
            """;

    private final Database database;

    EvidenceStore(Database database) {
        this.database = database;
    }

    void insert(Evidence evidence) {
        var file = evidence.file();
        database.update(
                """
                insert into dispute_evidence
                    (id, dispute, text, name, media_type, content, added_by, added_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(evidence.id())
                                .uuid(evidence.dispute())
                                .text(evidence.text())
                                .text(file == null ? null : file.name())
                                .text(file == null ? null : file.mediaType())
                                .bytes(
                                        file == null
                                                ? null
                                                : Base64.getDecoder().decode(file.content()))
                                .text(evidence.addedBy())
                                .time(evidence.addedAt()));
    }

    /** The oldest first. */
    List<Evidence> list(UUID dispute) {
        return database.query(
                SELECT + " where dispute = ? order by id",
                in -> in.uuid(dispute),
                EvidenceStore::read);
    }

    Optional<Evidence> find(UUID dispute, UUID id) {
        return database.find(
                SELECT + " where dispute = ? and id = ?",
                in -> in.uuid(dispute).uuid(id),
                EvidenceStore::read);
    }

    void submit(UUID dispute, Submission submission) {
        database.update(
                "insert into dispute_submission (dispute, submitted_by, submitted_at) values (?, ?, ?)",
                in -> in.uuid(dispute).text(submission.by()).time(submission.at()));
    }

    Optional<Submission> submission(UUID dispute) {
        return database.find(
                "select submitted_by, submitted_at from dispute_submission where dispute = ?",
                in -> in.uuid(dispute),
                row -> new Submission(row.getString(1), row.getTimestamp(2).toInstant()));
    }

    private static Evidence read(ResultSet row) throws SQLException {
        var content = row.getBytes(6);
        return new Evidence(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getString(3),
                content == null
                        ? null
                        : new Evidence.File(
                                row.getString(4),
                                row.getString(5),
                                Base64.getEncoder().encodeToString(content),
                                content.length,
                                row.getString(9)),
                row.getString(7),
                row.getTimestamp(8).toInstant());
    }
}
