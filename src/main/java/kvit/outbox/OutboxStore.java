package kvit.outbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The table outbox. */
@ApplicationScoped
class OutboxStore {

    record Row(UUID key, UUID id, String topic, String payload, int attempts) {}

    private final DataSource database;

    OutboxStore(DataSource database) {
        this.database = database;
    }

    /**
     * An event that nobody awaits is stored as delivered: kept for its time, and never looked at
     * again.
     */
    void insert(List<Row> rows, Instant now, Predicate<String> awaited) {
        try (var connection = database.getConnection();
                var statement =
                        connection.prepareStatement(
                                """
                                insert into outbox (key, id, topic, payload, created_at, due_at, delivered_at)
                                select key, id, topic, payload,
                                       cast(? as timestamptz), cast(? as timestamptz),
                                       case when awaited then null else cast(? as timestamptz) end
                                  from unnest(?, ?, ?, ?, ?) as e (key, id, topic, payload, awaited)
                                """)) {
            var at = Timestamp.from(now);
            statement.setTimestamp(1, at);
            statement.setTimestamp(2, at);
            statement.setTimestamp(3, at);
            statement.setArray(
                    4, connection.createArrayOf("uuid", rows.stream().map(Row::key).toArray()));
            statement.setArray(
                    5, connection.createArrayOf("uuid", rows.stream().map(Row::id).toArray()));
            statement.setArray(
                    6, connection.createArrayOf("text", rows.stream().map(Row::topic).toArray()));
            statement.setArray(
                    7, connection.createArrayOf("text", rows.stream().map(Row::payload).toArray()));
            statement.setArray(
                    8,
                    connection.createArrayOf(
                            "boolean",
                            rows.stream().map(it -> awaited.test(it.topic())).toArray()));
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("events were not stored", e);
        }
    }

    /**
     * Takes what is due and pushes it out of the way of the other replicas until the lease ends.
     */
    List<Row> claim(Collection<String> topics, Instant now, Instant leaseEnd, int atMost) {
        try (var connection = database.getConnection();
                var statement =
                        connection.prepareStatement(
                                """
                                update outbox o
                                   set attempts = o.attempts + 1, due_at = ?
                                  from (select key, id
                                          from outbox
                                         where delivered_at is null
                                           and dead_at is null
                                           and due_at <= ?
                                           and topic = any (?)
                                         order by due_at
                                         limit ?
                                           for update skip locked) due
                                 where o.key = due.key and o.id = due.id
                                returning o.key, o.id, o.topic, o.payload, o.attempts
                                """)) {
            statement.setTimestamp(1, Timestamp.from(leaseEnd));
            statement.setTimestamp(2, Timestamp.from(now));
            statement.setArray(3, connection.createArrayOf("text", topics.toArray()));
            statement.setInt(4, atMost);
            var claimed = new ArrayList<Row>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    claimed.add(
                            new Row(
                                    rows.getObject(1, UUID.class),
                                    rows.getObject(2, UUID.class),
                                    rows.getString(3),
                                    rows.getString(4),
                                    rows.getInt(5)));
                }
            }
            return claimed;
        } catch (SQLException e) {
            throw new IllegalStateException("no events could be claimed", e);
        }
    }

    void delivered(Row row, Instant now) {
        update(
                "update outbox set delivered_at = ?, last_error = null where key = ? and id = ?",
                row,
                now,
                null);
    }

    void failed(Row row, Instant nextAttempt, String error) {
        update(
                "update outbox set due_at = ?, last_error = ? where key = ? and id = ?",
                row,
                nextAttempt,
                error);
    }

    void gaveUp(Row row, Instant now, String error) {
        update(
                "update outbox set dead_at = ?, last_error = ? where key = ? and id = ?",
                row,
                now,
                error);
    }

    private void update(String sql, Row row, Instant at, @Nullable String error) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            var column = 1;
            statement.setTimestamp(column++, Timestamp.from(at));
            if (error != null) {
                statement.setString(column++, error);
            }
            statement.setObject(column++, row.key());
            statement.setObject(column, row.id());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the fate of an event was not noted", e);
        }
    }

    /** Deletes a bounded number, so that no purge ever holds many locks; says how many. */
    int purge(Instant createdBefore, int atMost) {
        try (var connection = database.getConnection();
                var statement =
                        connection.prepareStatement(
                                """
                                delete from outbox
                                 where (key, id) in (select key, id
                                                       from outbox
                                                      where created_at < ? and delivered_at is not null
                                                      limit ?)
                                """)) {
            statement.setTimestamp(1, Timestamp.from(createdBefore));
            statement.setInt(2, atMost);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("delivered events were not purged", e);
        }
    }
}
