package kvit.closing;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/** The table closing. */
@ApplicationScoped
class ClosingStore {

    private static final String COLUMNS =
            " customer, id, state, asked_at, closes_after, closed_at, withdrawn_at, forgotten_at ";

    private final Database database;

    ClosingStore(Database database) {
        this.database = database;
    }

    void insert(Closing closing, Instant dueAt) {
        database.update(
                """
                insert into closing (customer, id, state, asked_at, closes_after, due_at)
                values (?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(closing.customer())
                                .uuid(closing.id())
                                .text(closing.state().name())
                                .time(closing.askedAt())
                                .time(closing.closesAfter())
                                .time(dueAt));
    }

    /**
     * @param dueAt when somebody looks at it again; null of one that is withdrawn
     */
    void update(Closing closing, @Nullable Instant dueAt) {
        database.update(
                """
                update closing
                   set state = ?, closed_at = ?, withdrawn_at = ?, forgotten_at = ?, due_at = ?
                 where customer = ? and id = ?
                """,
                in ->
                        in.text(closing.state().name())
                                .time(closing.closedAt())
                                .time(closing.withdrawnAt())
                                .time(closing.forgottenAt())
                                .time(dueAt)
                                .uuid(closing.customer())
                                .uuid(closing.id()));
    }

    /** The one that was not withdrawn, if there is one. */
    Optional<Closing> standing(UUID customer) {
        return standing(customer, "");
    }

    /** The same under lock; its customer is locked before. */
    Optional<Closing> lock(UUID customer) {
        return standing(customer, " for update");
    }

    private Optional<Closing> standing(UUID customer, String lock) {
        return database.find(
                "select"
                        + COLUMNS
                        + "from closing where customer = ? and state <> 'WITHDRAWN'"
                        + lock,
                in -> in.uuid(customer),
                ClosingStore::read);
    }

    /** Some that are due; nobody else comes to them before then. */
    List<Closing> claimDue(Instant now, Instant until, int atMost) {
        return database.query(
                """
                update closing c
                   set due_at = ?
                  from (select customer, id from closing
                         where due_at <= ?
                         order by due_at
                         limit ?
                           for update skip locked) due
                 where c.customer = due.customer and c.id = due.id
                returning c.customer, c.id, c.state, c.asked_at, c.closes_after, c.closed_at,
                          c.withdrawn_at, c.forgotten_at
                """,
                in -> in.time(until).time(now).number(atMost),
                ClosingStore::read);
    }

    /** The newest first. */
    List<Closing> list(ClosingState state, @Nullable UUID before, int atMost) {
        return database.query(
                "select"
                        + COLUMNS
                        + """
                          from closing
                         where state = ? and (cast(? as uuid) is null or id < ?)
                         order by id desc
                         limit ?
                        """,
                in -> in.text(state.name()).uuid(before).uuid(before).number(atMost),
                ClosingStore::read);
    }

    private static Closing read(ResultSet row) throws SQLException {
        return new Closing(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                ClosingState.valueOf(row.getString(3)),
                row.getTimestamp(4).toInstant(),
                row.getTimestamp(5).toInstant(),
                instant(row.getTimestamp(6)),
                instant(row.getTimestamp(7)),
                instant(row.getTimestamp(8)));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
