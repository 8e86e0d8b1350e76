package kvit.operate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table audit, as it was written.
 *
 * @param operator null for who was not let in, and for who sits at the machine
 * @param before JSON as the database writes it, because the digest is of these characters
 */
record AuditRow(
        UUID id,
        Instant at,
        @Nullable UUID operator,
        String who,
        List<String> roles,
        String action,
        AuditStep step,
        String resource,
        String reason,
        @Nullable String before,
        @Nullable String after,
        @Nullable String address,
        @Nullable String requestId,
        @Nullable UUID approval) {

    /** What {@link #read} needs, in its order; of the table audit called a. */
    static final String COLUMNS =
            """
            a.id, a.at, a.operator, a.who, a.roles, a.action, a.step, a.resource, a.reason,
            a.before::text, a.after::text, a.address, a.request_id, a.approval
            """;

    /**
     * @param first the number of the first column
     */
    static AuditRow read(ResultSet row, int first) throws SQLException {
        return new AuditRow(
                row.getObject(first, UUID.class),
                row.getObject(first + 1, OffsetDateTime.class).toInstant(),
                row.getObject(first + 2, UUID.class),
                row.getString(first + 3),
                List.of((String[]) row.getArray(first + 4).getArray()),
                row.getString(first + 5),
                AuditStep.valueOf(row.getString(first + 6)),
                row.getString(first + 7),
                row.getString(first + 8),
                row.getString(first + 9),
                row.getString(first + 10),
                row.getString(first + 11),
                row.getString(first + 12),
                row.getObject(first + 13, UUID.class));
    }
}
