package kvit.outbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import kvit.database.Database;

/** The tables outbox and outbox_reader. */
@ApplicationScoped
class OutboxStore {

    record Row(UUID key, UUID id, String topic, String payload, int attempts) {}

    /**
     * Where an event stands in the order of commits.
     *
     * @param transaction the number of the transaction that stored it, unsigned
     */
    record Place(String transaction, UUID event) {}

    record Past(Place place, EventLog.Stored event) {}

    private final Database database;

    OutboxStore(Database database) {
        this.database = database;
    }

    /**
     * An event that nobody awaits is stored as delivered: kept for its time, and never looked at
     * again.
     */
    void insert(List<Row> rows, Instant now, Predicate<String> awaited) {
        database.updateLater(
                """
                insert into outbox (key, id, topic, payload, created_at, due_at, delivered_at)
                select key, id, topic, payload,
                       cast(? as timestamptz), cast(? as timestamptz),
                       case when awaited then null else cast(? as timestamptz) end
                  from unnest(?, ?, ?, ?, ?) as e (key, id, topic, payload, awaited)
                """,
                in ->
                        in.time(now)
                                .time(now)
                                .time(now)
                                .uuids(rows, Row::key)
                                .uuids(rows, Row::id)
                                .texts(rows, Row::topic)
                                .texts(rows, Row::payload)
                                .flags(rows, it -> awaited.test(it.topic())));
    }

    /**
     * Takes what is due and pushes it out of the way of the other replicas until the lease ends.
     */
    List<Row> claim(Collection<String> topics, Instant now, Instant leaseEnd, int atMost) {
        return database.query(
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
                """,
                in -> in.time(leaseEnd).time(now).texts(topics).number(atMost),
                row ->
                        new Row(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                row.getString(3),
                                row.getString(4),
                                row.getInt(5)));
    }

    void delivered(Row row, Instant now) {
        database.update(
                "update outbox set delivered_at = ?, last_error = null where key = ? and id = ?",
                in -> in.time(now).uuid(row.key()).uuid(row.id()));
    }

    void failed(Row row, Instant nextAttempt, String error) {
        database.update(
                "update outbox set due_at = ?, last_error = ? where key = ? and id = ?",
                in -> in.time(nextAttempt).text(error).uuid(row.key()).uuid(row.id()));
    }

    void gaveUp(Row row, Instant now, String error) {
        database.update(
                "update outbox set dead_at = ?, last_error = ? where key = ? and id = ?",
                in -> in.time(now).text(error).uuid(row.key()).uuid(row.id()));
    }

    Optional<EventLog.Unread> unread(String reader) {
        return database.find(
                """
                select created_at, transaction < pg_snapshot_xmin(pg_current_snapshot())
                  from outbox
                 where (transaction, id) > ((select transaction from outbox_reader where name = ?),
                                            (select event from outbox_reader where name = ?))
                 order by transaction, id
                 limit 1
                """,
                in -> in.text(reader).text(reader),
                row -> new EventLog.Unread(row.getTimestamp(1).toInstant(), row.getBoolean(2)));
    }

    /** The place of a reader; nothing while somebody else has it under lock. */
    Optional<Place> lock(String reader) {
        return database.find(
                """
                select transaction::text, event
                  from outbox_reader
                 where name = ?
                   for update skip locked
                """,
                in -> in.text(reader),
                row -> new Place(row.getString(1), row.getObject(2, UUID.class)));
    }

    /**
     * What is below the snapshot's oldest running transaction has ended, and is in the snapshot.
     * The order is by the numbers and not by their texts, which have the same name.
     */
    List<Past> after(Place place, int atMost) {
        return database.query(
                """
                select o.transaction::text, o.id, o.topic, o.payload, o.created_at
                  from outbox o
                 where (o.transaction, o.id) > (cast(? as xid8), cast(? as uuid))
                   and o.transaction < pg_snapshot_xmin(pg_current_snapshot())
                 order by o.transaction, o.id
                 limit ?
                """,
                in -> in.text(place.transaction()).uuid(place.event()).number(atMost),
                row -> {
                    var id = row.getObject(2, UUID.class);
                    return new Past(
                            new Place(row.getString(1), id),
                            new EventLog.Stored(
                                    id,
                                    row.getString(3),
                                    row.getString(4),
                                    row.getTimestamp(5).toInstant()));
                });
    }

    void move(String reader, Place place) {
        database.update(
                "update outbox_reader set transaction = cast(? as xid8), event = ? where name = ?",
                in -> in.text(place.transaction()).uuid(place.event()).text(reader));
    }

    /**
     * Deletes a bounded number, so that no purge ever holds many locks; says how many. What a
     * reader has not read stays.
     */
    int purge(Instant createdBefore, int atMost) {
        return database.update(
                """
                delete from outbox
                 where (key, id) in (select key, id
                                       from outbox
                                      where created_at < ?
                                        and delivered_at is not null
                                        and (transaction, id)
                                            <= all (select transaction, event from outbox_reader)
                                      limit ?)
                """,
                in -> in.time(createdBefore).number(atMost));
    }
}
