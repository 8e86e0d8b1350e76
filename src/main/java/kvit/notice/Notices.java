package kvit.notice;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import kvit.database.Database;

/** The table notice. */
@ApplicationScoped
public class Notices {

    private final Database database;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    Notices(Database database) {
        this.database = database;
    }

    /** The next ones of one person, in their order. */
    public List<Notice> of(UUID customer, long after, int atMost) {
        return database.query(
                """
                select number, id, customer, type, at, data
                  from notice
                 where customer = ? and number > ?
                 order by number
                 limit ?
                """,
                in -> in.uuid(customer).number(after).number(atMost),
                Notices::read);
    }

    /** The next ones of everybody, in their order. */
    public List<Notice> after(long number, int atMost) {
        return database.query(
                """
                select number, id, customer, type, at, data
                  from notice
                 where number > ?
                 order by number
                 limit ?
                """,
                in -> in.number(number).number(atMost),
                Notices::read);
    }

    /** The number of the newest one; 0 before the first. */
    public long last() {
        return number("select coalesce(max(number), 0) from notice");
    }

    /** The number of the oldest one that is still kept; 0 before the first. */
    public long oldest() {
        return number("select coalesce(min(number), 0) from notice");
    }

    /** Is called after some were written on this replica; must be quick. */
    public void whenWritten(Runnable listener) {
        listeners.add(listener);
    }

    void written() {
        listeners.forEach(Runnable::run);
    }

    /**
     * Behind the last one, in this order. Only by whoever has the reader's place under lock, so
     * that there is one at a time.
     */
    void append(List<Notice> notices) {
        database.update(
                """
                insert into notice (customer, number, id, type, at, data)
                select customer, (select coalesce(max(number), 0) from notice) + position,
                       id, type, at, data
                  from unnest(?, ?, ?, ?, ?)
                       with ordinality as n (customer, id, type, at, data, position)
                """,
                in ->
                        in.uuids(notices, Notice::customer)
                                .uuids(notices, Notice::id)
                                .texts(notices, Notice::type)
                                .times(notices, Notice::at)
                                .texts(notices, Notice::data));
    }

    /**
     * Deletes some of the oldest, from the first on and never the newest, from which the next one
     * counts; says how many.
     */
    int purge(Instant before, int atMost) {
        return database.update(
                """
                with oldest as materialized (select number, at from notice order by number limit ?)
                delete from notice
                 where number in (select number
                                    from oldest
                                   where number < coalesce((select min(number)
                                                              from oldest
                                                             where at >= ?),
                                                           (select max(number) from notice)))
                """,
                in -> in.number(atMost).time(before));
    }

    private long number(String sql) {
        return database.find(sql, in -> {}, row -> row.getLong(1)).orElseThrow();
    }

    private static Notice read(ResultSet row) throws SQLException {
        return new Notice(
                row.getLong(1),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                row.getString(4),
                row.getTimestamp(5).toInstant(),
                row.getString(6));
    }
}
